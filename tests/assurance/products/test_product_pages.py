"""The pages of products as people use them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assurance.products import actions
from assurance.products.models import Category, Product
from tests import enrolments
from tests.doors import HTMX, browser, queries_after
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("categories")
TYPED = {
    "name": "围巾",
    "sku": "WJ-1",
    "category": "clothing",
    "price": "128.00",
    "gtin": "6901234 567892",
    "attributes.fibre": "羊毛 100 %",
    "attributes.safety_class": "B",
}


def typed(product, **given):
    return TYPED | {"version": str(product.version), "sku": product.sku} | given


class TestTheList:
    def test_finds_chinese_by_part_of_the_name_and_numbers_by_their_beginning(self, amal):
        enrolments.product(amal, name="氨基酸洁面乳", sku="HJ-1")
        enrolments.product(amal, name="围巾", name_en="Scarf", sku="WJ-1", gtin="")
        page = browser(amal)

        def found(q):
            return [product.name for product, _ in page.get(reverse("products:list"), {"q": q}).context["rows"]]

        assert found("洁面") == found("690123") == found("hj-") == found("cleanser") == ["氨基酸洁面乳"]
        assert found("围") == ["围巾"]
        assert found("%") == found("1-WJ") == []

    def test_narrows_by_category_and_by_group(self, amal):
        enrolments.product(amal, name="面霜")
        enrolments.product(amal, name="围巾", category=Category.objects.get(code="clothing"), attributes={})
        page = browser(amal)

        def found(code):
            return [product.name for product, _ in page.get(reverse("products:list"), {"category": code}).context["rows"]]

        assert (found("skincare"), found("cosmetics"), found("textile"), found("toys")) == (["面霜"], ["面霜"], ["围巾"], [])

    def test_gives_htmx_only_the_rows(self, amal):
        enrolments.product(amal)

        response = browser(amal).get(reverse("products:list"), headers=HTMX)

        assert b"<table" in response.content
        assert b"<html" not in response.content

    def test_is_cut_into_pages(self, amal):
        for _ in range(26):
            enrolments.product(amal)
        page = browser(amal)

        sizes = [len(page.get(reverse("products:list"), {"page": number}).context["rows"]) for number in (1, 2)]
        assert sizes == [24, 2]
        assert page.get(reverse("products:list"), {"page": 3}).status_code == 404

    def test_asks_no_more_of_the_database_for_a_full_page_than_for_two_rows(self, amal):
        page, url = browser(amal), reverse("products:list")
        few = queries_after(lambda: [enrolments.product(amal) for _ in range(2)], page, url)

        assert queries_after(lambda: [enrolments.product(amal) for _ in range(24)], page, url) == few

    def test_says_what_is_still_missing(self, amal):
        enrolments.product(amal, gtin="", attributes={})

        assert b"5 missing" in browser(amal).get(reverse("products:list")).content

    def test_shows_a_warehouse_what_was_announced_to_it(self, amal, wei):
        product = enrolments.product(amal)
        page = browser(wei)
        assert b"appear here when they are announced" in page.get(reverse("products:list")).content

        actions.share(product_ids=[product.pk], organisation_id=wei.organisation_id, actor=amal, at=NOON)

        assert page.get(reverse("products:show", args=[product.pk])).status_code == 200


class TestEnteringAProduct:
    def test_keeps_a_draft_with_gaps(self, amal):
        response = browser(amal).post(reverse("products:create"), TYPED)

        product = Product.objects.get()
        assert response.status_code == 302
        assert response.url == reverse("products:show", args=[product.pk])
        assert (product.name, product.gtin, product.price) == ("围巾", "6901234567892", Decimal("128.00"))
        assert product.attributes == {"fibre": "羊毛 100 %", "safety_class": "B"}

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("gtin", "6901234567891", "The check digit of this GTIN is wrong"),
            ("price", "12.345", "Write the amount like 12.30"),
            ("price", "0", "greater than zero"),
            ("price", "", "required"),
            ("name", "a\u202eb", "U+202E"),
            ("category", "cosmetics", "cosmetics is not one of the available choices"),
            ("shelf_life_days", "365.5", "whole number"),
            ("commission_rate", "101", "from 0 to 100"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(self, amal, field, value, says):
        response = browser(amal).post(reverse("products:create"), TYPED | {field: value}, headers=HTMX)

        assert response.status_code == 422
        assert says in str(response.context["form"].errors[field])
        assert "WJ-1" in response.content.decode()
        assert not Product.objects.exists()

    def test_says_beside_the_number_that_it_is_taken(self, amal):
        enrolments.product(amal, sku="WJ-1")

        response = browser(amal).post(reverse("products:create"), TYPED, headers=HTMX)

        assert response.status_code == 422
        assert response.context["form"].errors["sku"] == ["You already have a product with the SKU WJ-1."]

    def test_asks_for_what_the_chosen_category_wants(self, amal):
        page, url = browser(amal), reverse("products:attributes")

        appliance = page.get(url, {"category": "kitchen-appliance", "attributes.model": "K-1"}).content.decode()
        snacks = page.get(url, {"category": "snacks"}).content.decode()

        assert 'value="K-1"' in appliance
        assert ("Rated power (W)" in appliance, "Rated power (W)" in snacks) == (True, False)
        assert ("shelf_life_days" in appliance, "shelf_life_days" in snacks) == (False, True)
        assert page.get(url, {"category": "nonsense"}).status_code == 200

    def test_keeps_a_picture(self, amal):
        upload = SimpleUploadedFile("正面.jpg", enrolments.picture(), content_type="text/html")

        browser(amal).post(reverse("products:create"), TYPED | {"picture": upload})

        assert Product.objects.get().picture.media_type == "image/jpeg"

    def test_says_beside_the_picture_that_it_is_none(self, amal):
        upload = SimpleUploadedFile("a.jpg", b"<html><script>alert(1)</script>", content_type="image/jpeg")

        response = browser(amal).post(reverse("products:create"), TYPED | {"picture": upload}, headers=HTMX)

        assert response.status_code == 422
        assert response.context["form"].errors["picture"] == ["This is not a JPEG, PNG or WEBP picture."]
        assert not Product.objects.exists()

    def test_says_beside_the_picture_that_it_is_too_large(self, amal, settings):
        settings.UPLOAD_MAX_BYTES = 2**20
        upload = SimpleUploadedFile("a.jpg", bytes(2**20 + 1), content_type="image/jpeg")

        response = browser(amal).post(reverse("products:create"), TYPED | {"picture": upload}, headers=HTMX)

        assert response.context["form"].errors["picture"] == ["The file is too large. At most 1 MB are accepted."]


class TestChangingAProduct:
    def test_shows_both_versions_to_the_one_who_saves_second(self, amal, ann):
        product = enrolments.product(amal, name="洁面乳")
        url = reverse("products:edit", args=[product.pk])
        seen = browser(amal).get(url)
        assert seen.context["form"]["version"].value() == 1
        actions.update(product_id=product.pk, values={"name": "安的名字"}, actor=ann, at=NOON)

        mine = typed(product, name="阿玛的名字", category="skincare")
        response = browser(amal).post(url, mine, headers=HTMX)

        assert response.status_code == 409
        differences = {one.label: (one.saved, one.typed) for one in response.context["differences"]}
        assert differences["Product name"] == ("安的名字", "阿玛的名字")
        assert Product.objects.get().name == "安的名字"
        again = browser(amal).post(url, mine | {"version": response.context["form"]["version"].value()})
        assert again.status_code == 302
        assert Product.objects.get().name == "阿玛的名字"

    def test_is_answered_with_the_reason_when_it_is_locked(self, amal):
        product = enrolments.submitted(amal).product

        response = browser(amal).post(reverse("products:edit", args=[product.pk]), typed(product, category="skincare"))

        assert response.status_code == 409
        assert b"under review or enrolled" in response.content


@pytest.mark.row("P22.2")
class TestCosts:
    def test_are_shown_to_the_owner_and_not_to_the_operator(self, amal, ann):
        product = enrolments.product(amal, cost=Decimal("23.45"), commission_rate=Decimal("0.205"))
        shown = {user: browser(user).get(reverse("products:show", args=[product.pk])).content.decode() for user in (amal, ann)}

        assert "23.45" in shown[amal]
        assert "20.5 %" in shown[amal]
        assert "23.45" not in shown[ann]
        assert "20.5 %" in shown[ann]

    def test_are_no_field_of_the_operators_form(self, amal, ann):
        product = enrolments.product(amal, cost=Decimal("23.45"))
        url = reverse("products:edit", args=[product.pk])

        assert "cost" not in browser(ann).get(url).context["form"].fields
        browser(ann).post(url, typed(product, cost="1.00", category="skincare"))

        product.refresh_from_db()
        assert (product.cost, product.name) == (Decimal("23.45"), "围巾")

    @pytest.mark.parametrize("role", ["wei", "dana", "eve"])
    def test_are_shown_to_nobody_else(self, amal, role, request):
        user = request.getfixturevalue(role)
        product = enrolments.product(amal, cost=Decimal("23.45"))
        actions.share(product_ids=[product.pk], organisation_id=user.organisation_id, actor=amal, at=NOON)

        assert "23.45" not in browser(user).get(reverse("products:show", args=[product.pk])).content.decode()
