"""The API of products and categories."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assurance.products.models import Category, Product
from tests import enrolments
from tests.doors import Api, browser, flaws, queries_after, said

pytestmark = [pytest.mark.usefixtures("categories"), pytest.mark.row("P19.1")]
BODY = {
    "sku": "WJ-1",
    "name": "围巾",
    "category": "clothing",
    "price": "128.00",
    "gtin": "6901234567892",
    "attributes": {"fibre": "羊毛 100 %", "safety_class": "B"},
}


class TestCategories:
    def test_are_listed_with_what_they_demand(self, amal):
        listed = {one["code"]: one for one in Api(amal).get("/categories/", page_size=100).json()["results"]}

        assert len(listed) == 60
        assert (listed["snacks"]["parent"], listed["snacks"]["is_perishable"], listed["snacks"]["badge_days"]) == ("food", True, 90)
        assert listed["toys"]["required_attributes"][0]["choices"][0] == {"value": "0-3", "zh": "0–3 岁", "en": "0–3 years"}


class TestEnteringAProduct:
    def test_answers_with_it_and_says_what_is_missing(self, amal):
        response = Api(amal).post("/products/", BODY)

        made = response.json()
        assert response.status_code == 201
        assert response.headers["Location"] == f"/api/v1/products/{made['id']}/"
        assert (made["price"], made["cost"], made["version"], made["is_locked"]) == ("128.00", None, 1, False)
        assert [one["field"] for one in made["missing"]] == ["specification", "attributes.size", "attributes.standard"]

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("gtin", "6901234567891", "gtin_check_digit"),
            ("price", 128, "send_money_as_string"),
            ("price", "0", "must_be_positive"),
            ("category", "nonsense", "not_found"),
            ("category", "textile", "category_is_group"),
            ("attributes", ["fibre"], "object_expected"),
            ("attributes", {"fibre": 1}, "text_expected"),
            ("merchant", 1, "unknown_field"),
            ("locked_at", None, "unknown_field"),
            ("version", 7, "unknown_field"),
            ("commission_rate", "1.5", "number_out_of_range"),
        ],
    )
    def test_refuses_what_is_wrong_at_its_field(self, amal, field, value, code):
        response = Api(amal).post("/products/", BODY | {field: value})

        assert (response.status_code, flaws(response)) == (400, {field: code})
        assert not Product.objects.exists()

    def test_names_every_wrong_attribute(self, amal):
        response = Api(amal).post("/products/", BODY | {"attributes": {"fibre": "羊毛", "safety_class": "D", "power": "1"}})

        assert flaws(response) == {"attributes.safety_class": "invalid_choice", "attributes.power": "unknown_field"}

    def test_is_repeated_without_a_second_product(self, amal):
        first, second = (Api(amal).post("/products/", BODY, key="once") for _ in range(2))

        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert Product.objects.count() == 1

    def test_says_409_for_a_number_that_is_taken(self, amal):
        enrolments.product(amal, sku="WJ-1")

        assert said(Api(amal).post("/products/", BODY)) == (409, "already_exists")


class TestChangingAProduct:
    def test_needs_the_version_that_was_read(self, amal):
        product = enrolments.product(amal)
        api, path = Api(amal), f"/products/{product.pk}/"

        assert flaws(api.patch(path, {"name": "面霜"})) == {"version": "required"}
        assert api.patch(path, {"name": "面霜", "version": 1}).json()["version"] == 2
        assert said(api.patch(path, {"name": "眼霜", "version": 1})) == (409, "version_conflict")
        assert Product.objects.get().name == "面霜"

    def test_takes_a_picture(self, amal):
        from django.core.files.uploadedfile import SimpleUploadedFile

        product = enrolments.product(amal)
        upload = SimpleUploadedFile("a.png", enrolments.picture("PNG"), "image/png")

        response = Api(amal).upload(f"/products/{product.pk}/picture/", file=upload)

        assert response.status_code == 200
        assert response.json()["picture"] == Product.objects.get().picture_id

    def test_refuses_a_picture_that_is_none(self, amal):
        from django.core.files.uploadedfile import SimpleUploadedFile

        product = enrolments.product(amal)

        response = Api(amal).upload(f"/products/{product.pk}/picture/", file=SimpleUploadedFile("a.png", b"%PDF-1.7 not", "image/png"))

        assert said(response) == (415, "not_a_pdf")

    def test_is_not_found_by_another_merchant(self, amal, chidi):
        product = enrolments.product(amal)

        assert said(Api(chidi).patch(f"/products/{product.pk}/", {"name": "我的", "version": 1})) == (404, "not_found")
        assert said(Api(chidi).get("/products/", category="nonsense")) == (400, "invalid_filter")
        assert Api(chidi).get("/products/").json()["count"] == 0

    def test_is_refused_while_it_is_reviewed(self, amal):
        product = enrolments.submitted(amal).product

        assert said(Api(amal).patch(f"/products/{product.pk}/", {"name": "另一个", "version": 1})) == (409, "product_locked")


class TestFinding:
    def test_narrows_by_text_and_category(self, amal):
        enrolments.product(amal, name="面霜", name_en="Cream", sku="A-1")
        enrolments.product(amal, name="围巾", name_en="Scarf", sku="B-2", category=Category.objects.get(code="clothing"), attributes={})
        api = Api(amal)

        def skus(**query):
            return [one["sku"] for one in api.get("/products/", **query).json()["results"]]

        assert (skus(q="围"), skus(q="a-"), skus(category="textile"), skus(sku="A-1")) == (["B-2"], ["A-1"], ["B-2"], ["A-1"])
        assert skus(ordering="sku") == ["A-1", "B-2"]
        assert said(api.get("/products/", ordering="cost")) == (400, "invalid_ordering")

    def test_asks_no_more_of_the_database_for_many_rows_than_for_two(self, amal):
        client = Api(amal).client
        few = queries_after(lambda: [enrolments.product(amal) for _ in range(2)], client, "/api/v1/products/")

        assert queries_after(lambda: [enrolments.product(amal) for _ in range(30)], client, "/api/v1/products/") == few


@pytest.mark.row("P22.2")
class TestCosts:
    def test_are_in_no_answer_to_the_operator(self, amal, ann):
        product = enrolments.product(amal, cost=Decimal("23.45"), commission_rate=Decimal("0.2"))

        assert Api(amal).get(f"/products/{product.pk}/").json()["cost"] == "23.45"
        shown = Api(ann).get(f"/products/{product.pk}/").json()
        assert "cost" not in shown
        assert shown["commission_rate"] == "0.200000"

    def test_are_an_unknown_field_to_the_operator(self, ann):
        assert flaws(Api(ann).post("/products/", BODY | {"cost": "1.00"})) == {"cost": "unknown_field"}

    def test_and_commissions_are_shown_to_no_warehouse_and_no_reviewer(self, amal, wei, dana):
        from assurance.products.actions import share
        from tests.factories import NOON

        product = enrolments.product(amal, cost=Decimal("23.45"), commission_rate=Decimal("0.2"))
        share(product_ids=[product.pk], organisation_id=wei.organisation_id, actor=amal, at=NOON)

        for user in (wei, dana):
            assert {"cost", "commission_rate"} & Api(user).get(f"/products/{product.pk}/").json().keys() == set()

    def test_are_in_no_trail_that_the_operator_reads(self, amal, ann):
        product = enrolments.product(amal, cost=Decimal("23.45"))

        def changes(user):
            listed = Api(user).get("/events/").json()["results"]
            return next(one["changes"] for one in listed if one["subject_id"] == product.pk and one["kind"] == "products.product.created")

        assert changes(amal)["cost"] == [None, "23.45"]
        assert "cost" not in changes(ann)
        assert changes(ann)["price"] == [None, "59.90"]
        assert ("23.45" in browser(amal).get("/trail/").content.decode(), "23.45" in browser(ann).get("/trail/").content.decode()) == (
            True,
            False,
        )
