"""What may be written into a product, by whom, and what is kept of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from assurance.events.models import Event
from assurance.files.models import FileShare
from assurance.products import actions
from assurance.products.models import Category, Product, ProductShare
from tests import enrolments
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("categories")


def change(product, actor, **given):
    values = {key: given.pop(key) for key in list(given) if key not in ("version", "picture")}
    return actions.update(product_id=product.pk, values=values, actor=actor, at=NOON, **given)


class TestEnteringAProduct:
    def test_keeps_what_was_stated_and_tells(self, amal):
        product = enrolments.product(amal, cost="20.00", commission_rate="0.205000")

        product.refresh_from_db()
        assert (product.merchant_id, product.version, product.price) == (amal.organisation_id, 1, Decimal("59.90"))
        assert (product.cost, product.commission_rate) == (Decimal("20.00"), Decimal("0.205000"))
        assert product.attributes == enrolments.SKINCARE
        event = Event.objects.about(product).get()
        assert (event.kind, event.actor_id, event.organisation_id) == ("products.product.created", amal.pk, amal.organisation_id)
        assert event.changes["price"] == [None, "59.90"]

    def test_is_refused_for_a_number_that_is_taken(self, amal):
        enrolments.product(amal, sku="HJ-1")

        with pytest.raises(actions.SkuTaken) as refused:
            enrolments.product(amal, sku="HJ-1")

        assert refused.value.field == "sku"
        assert Product.objects.count() == 1

    def test_does_not_mind_another_merchants_number(self, amal, chidi):
        enrolments.product(amal, sku="HJ-1")

        assert enrolments.product(chidi, sku="HJ-1").merchant_id == chidi.organisation_id

    def test_is_refused_in_a_group_of_categories(self, amal):
        with pytest.raises(actions.CategoryIsGroup):
            enrolments.product(amal, category=Category.objects.get(code="cosmetics"), attributes={})

    def test_is_refused_with_attributes_that_are_wrong_or_not_asked_for(self, amal):
        appliance = Category.objects.get(code="kitchen-appliance")

        with pytest.raises(actions.BadAttribute) as refused:
            enrolments.product(amal, category=appliance, attributes={"rated_power": "strong", "fibre": "cotton"})

        assert [(field, code) for field, code, _words in refused.value.points()] == [
            ("attributes.rated_power", "number_expected"),
            ("attributes.fibre", "unknown_field"),
        ]
        assert not Product.objects.exists()

    def test_may_leave_gaps(self, amal):
        product = enrolments.product(amal, gtin="", specification="", attributes={}, shelf_life_days=None)

        assert product.attributes == {}

    @pytest.mark.row("P22.2")
    @pytest.mark.parametrize(("field", "value"), [("cost", "20.00"), ("cost", None)])
    def test_takes_costs_only_from_whom_they_may_be_shown(self, ann, field, value):
        with pytest.raises(actions.FieldNotAllowed) as refused:
            enrolments.product(ann, **{field: value})

        assert refused.value.field == "cost"
        assert not Product.objects.exists()

    def test_takes_no_field_that_is_none(self, amal):
        with pytest.raises(ValueError, match="merchant_id"):
            enrolments.product(amal, merchant_id=1)


class TestChangingAProduct:
    def test_counts_the_version_and_tells_before_and_after(self, amal):
        product = enrolments.product(amal)

        change(product, amal, version=1, name="氨基酸洁面乳 升级款", price=Decimal("69.90"))

        product.refresh_from_db()
        assert (product.version, product.name, product.price) == (2, "氨基酸洁面乳 升级款", Decimal("69.90"))
        event = Event.objects.about(product).order_by("-id")[0]
        assert event.kind == "products.product.changed"
        assert event.changes == {"name": ["氨基酸洁面乳", "氨基酸洁面乳 升级款"], "price": ["59.90", "69.90"]}

    def test_that_changes_nothing_leaves_no_trace(self, amal):
        product = enrolments.product(amal)

        assert change(product, amal, version=1, name=product.name).version == 1
        assert Event.objects.about(product).count() == 1

    def test_loses_nobodys_work(self, amal, ann):
        product = enrolments.product(amal)
        change(product, ann, version=1, name="安的名字")

        with pytest.raises(actions.VersionConflict) as refused:
            change(product, amal, version=1, name="阿玛的名字")

        assert refused.value.params == {"seen": 1, "now": 2}
        product.refresh_from_db()
        assert (product.name, product.version) == ("安的名字", 2)

    def test_drops_what_a_new_category_does_not_ask_for(self, amal):
        product = enrolments.product(amal)

        change(product, amal, category=Category.objects.get(code="nappies"))

        assert Product.objects.get().attributes == {"maker": "杭州禾见日化有限公司", "standard": "GB/T 29680"}

    def test_is_refused_for_a_number_that_is_taken(self, amal):
        enrolments.product(amal, sku="HJ-1")
        other = enrolments.product(amal, sku="HJ-2")

        with pytest.raises(actions.SkuTaken):
            change(other, amal, sku="HJ-1")

    @pytest.mark.row("P22.2")
    def test_leaves_costs_to_whom_they_may_be_shown(self, amal, ann):
        product = enrolments.product(amal, cost="20.00")

        with pytest.raises(actions.FieldNotAllowed):
            change(product, ann, cost=Decimal("1.00"))

        change(product, ann, name="安的名字")
        product.refresh_from_db()
        assert (product.cost, product.name) == (Decimal("20.00"), "安的名字")


class TestALockedProduct:
    def test_stands_still(self, amal):
        product = enrolments.submitted(amal).product

        with pytest.raises(actions.ProductLocked):
            change(product, amal, name="另一个")

        assert Product.objects.get().name == "氨基酸洁面乳"


class TestThePicture:
    def test_is_kept_as_a_file_of_the_merchant(self, amal):
        product = change(enrolments.product(amal), amal, picture=actions.Upload(enrolments.picture(), "正面.png"))

        assert (product.picture.organisation_id, product.picture.shown_name, product.version) == (amal.organisation_id, "正面.png.jpg", 2)
        assert Event.objects.about(product).order_by("-id")[0].changes == {"picture": [None, product.picture_id]}

    def test_must_be_a_picture(self, amal):
        product = enrolments.product(amal)

        with pytest.raises(actions.Refused) as refused:
            change(product, amal, picture=actions.Upload(b"<html>", "a.jpg"))

        assert (refused.value.code, refused.value.status, refused.value.field) == ("not_an_image", 415, "picture")

    def test_cannot_be_another_merchants_file(self, amal, chidi):
        theirs = change(enrolments.product(chidi), chidi, picture=actions.Upload(enrolments.picture(), "a.jpg")).picture
        mine = enrolments.product(amal)

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="assurance_product_picture_same_owner"), transaction.atomic():
            Product.objects.filter(pk=mine.pk).update(picture=theirs)


@pytest.mark.row("P22.1")
class TestWhoSeesAProduct:
    def test_is_its_merchant_and_the_platform(self, amal, ann, chidi, eve, ada, dana):
        product = enrolments.product(amal)

        assert [list(Product.objects.visible_to(user)) for user in (amal, ann, eve, ada, dana)] == [[product]] * 5
        assert not Product.objects.visible_to(chidi).exists()

    def test_is_a_warehouse_from_the_moment_it_was_announced_there(self, amal, wei, bo, bob):
        product = enrolments.product(amal)
        assert not Product.objects.visible_to(wei).exists()

        assert actions.share(product_ids=[product.pk], organisation_id=wei.organisation_id, actor=amal, at=NOON) == 1

        assert list(Product.objects.visible_to(wei)) == list(Product.objects.visible_to(bo)) == [product]
        assert not Product.objects.visible_to(bob).exists()

    def test_sees_its_picture_too_also_a_later_one(self, amal, wei):
        product = change(enrolments.product(amal), amal, picture=actions.Upload(enrolments.picture(), "a.jpg"))
        actions.share(product_ids=[product.pk], organisation_id=wei.organisation_id, actor=amal, at=NOON)
        change(product, amal, picture=actions.Upload(enrolments.picture(), "b.jpg"))

        assert FileShare.objects.filter(organisation_id=wei.organisation_id, owner_id=amal.organisation_id).count() == 2

    def test_is_told_once_however_often_it_is_announced(self, amal, wei):
        ids = [enrolments.product(amal).pk, enrolments.product(amal).pk]

        assert [actions.share(product_ids=ids, organisation_id=wei.organisation_id, actor=amal, at=NOON) for _ in range(2)] == [2, 0]
        assert ProductShare.objects.count() == Event.objects.filter(kind="products.product.shared").count() == 2
