"""The merchant brings a product in: one form, saved as a draft or submitted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from assurance.enrollment import actions
from assurance.enrollment.models import Enrolment
from assurance.enrollment.reasons import Reason
from assurance.products import actions as products
from assurance.products.models import Product
from tests import enrolments
from tests.doors import HTMX, browser, queries_after
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("categories")
TYPED = {
    "name": "氨基酸洁面乳",
    "name_en": "Cleanser",
    "sku": "HJ-1",
    "category": "skincare",
    "specification": "120 g",
    "gtin": enrolments.GTIN,
    "shelf_life_days": "1095",
    "price": "59.90",
} | {f"attributes.{key}": value for key, value in enrolments.SKINCARE.items()}


class TestEnrollingAProduct:
    @pytest.mark.row("P1.1")
    def test_saves_a_draft_with_gaps(self, amal):
        response = browser(amal).post(reverse("enrollment:create"), {"name": "面霜", "sku": "A-1", "category": "skincare", "price": "9.90"})

        enrolment = Enrolment.objects.get()
        assert (response.status_code, response.url) == (302, reverse("enrollment:edit", args=[enrolment.pk]))
        assert (enrolment.state, enrolment.product.name) == ("draft", "面霜")

    def test_goes_on_to_what_awaits_it_when_nothing_is_missing(self, amal):
        response = browser(amal).post(reverse("enrollment:create"), TYPED | {"submit": ""}, headers=HTMX)

        enrolment = Enrolment.objects.get()
        assert response.headers["HX-Redirect"] == reverse("enrollment:check", args=[enrolment.pk])
        assert enrolment.state == "draft"

    @pytest.mark.row("P2.1")
    def test_names_beside_each_field_what_is_missing_and_keeps_nothing(self, amal):
        gaps = TYPED | {"submit": "", "gtin": "", "shelf_life_days": "", "attributes.maker": ""}

        response = browser(amal).post(reverse("enrollment:create"), gaps, headers=HTMX)

        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"gtin", "shelf_life_days", "attributes.maker"}
        assert "Give the GTIN, or say why there is none." in response.content.decode()
        assert not Product.objects.exists()

    def test_begins_for_a_product_that_is_there(self, amal):
        product = enrolments.product(amal)

        response = browser(amal).post(reverse("enrollment:start", args=[product.pk]))

        assert response.url == reverse("enrollment:edit", args=[Enrolment.objects.get().pk])
        again = browser(amal).post(reverse("enrollment:start", args=[product.pk]))
        assert again.status_code == 409
        assert b"already has the enrolment E-" in again.content


class TestChangingADraft:
    def test_saves_and_then_submits(self, amal):
        draft = enrolments.draft(amal, gtin="", sku="HJ-1")
        url, page = reverse("enrollment:edit", args=[draft.pk]), browser(amal)

        page.post(url, TYPED | {"version": "1", "name": "新名字"})
        assert (Product.objects.get().name, Enrolment.objects.get().state) == ("新名字", "draft")
        answer = page.post(url, TYPED | {"version": "2", "submit": ""})
        page.post(answer.url)

        assert (Product.objects.get().name, Enrolment.objects.get().state) == ("氨基酸洁面乳", "submitted")

    def test_shows_both_versions_to_the_one_who_saves_second(self, amal, ann):
        draft = enrolments.draft(amal, sku="HJ-1")
        products.update(product_id=draft.product_id, values={"name": "安的名字"}, actor=ann, at=NOON)

        response = browser(amal).post(reverse("enrollment:edit", args=[draft.pk]), TYPED | {"version": "1", "submit": ""}, headers=HTMX)

        assert response.status_code == 409
        assert "安的名字" in response.content.decode()
        assert Enrolment.objects.get().state == "draft"

    def test_is_over_once_it_was_submitted(self, amal):
        sent = enrolments.submitted(amal)

        response = browser(amal).post(reverse("enrollment:edit", args=[sent.pk]), TYPED)

        assert response.status_code == 409
        assert "“Submitted”" in response.content.decode()


@pytest.mark.row("P1.2")
class TestWhatWasReturned:
    def test_shows_each_reason_beside_its_field(self, amal, dana):
        reasons = (
            Reason("gtin", "contradiction", "包装上是另一个条码"),
            Reason("attributes.maker", "missing"),
            Reason("picture", "unreadable"),
        )
        returned = enrolments.returned(amal, dana, *reasons)

        response = browser(amal).get(reverse("enrollment:edit", args=[returned.pk]))

        beside = {name: field.objections for name, field in response.context["form"].fields.items() if hasattr(field, "objections")}
        assert beside == {
            "gtin": ["Contradicts another statement: 包装上是另一个条码"],
            "attributes.maker": ["Missing"],
            "picture": ["Cannot be read"],
        }
        html = response.content.decode()
        gtin = html.index('id="id_gtin"')
        assert gtin < html.index("Contradicts another statement") < html.index('id="id_no_gtin_reason"')

    def test_is_settled_by_submitting_again(self, amal, dana):
        returned = enrolments.returned(amal, dana, sku="HJ-1")

        page = browser(amal)
        page.post(page.post(reverse("enrollment:edit", args=[returned.pk]), TYPED | {"version": "1", "submit": ""}).url)

        assert Enrolment.objects.get().state == "submitted"
        assert not returned.reasons.unsettled().exists()


class TestOneEnrolment:
    def test_shows_state_history_and_what_was_submitted(self, amal, dana):
        rejected = enrolments.rejected(amal, dana)

        page = browser(amal).get(reverse("enrollment:show", args=[rejected.pk]))

        html = page.content.decode()
        assert [entry.title for entry in page.context["history"]] == ["Rejected", "Review begun", "Submitted for review", "Draft begun"]
        assert "Not allowed here" in html
        assert "不在合作范围" in html
        assert "Dana" not in html
        assert [line.field for line in page.context["lines"]][:4] == ["name", "name_en", "sku", "category"]

    def test_can_be_withdrawn_with_a_reason(self, amal, dana):
        approved = enrolments.approved(amal, dana)

        browser(amal).post(reverse("enrollment:withdraw", args=[approved.pk]), {"reason": "停产"})

        assert Enrolment.objects.get().state == "withdrawn"
        assert "停产" in browser(amal).get(reverse("enrollment:show", args=[approved.pk])).content.decode()

    def test_does_not_exist_for_another_merchant(self, amal, chidi):
        draft = enrolments.draft(amal)

        for name in ("show", "edit"):
            assert browser(chidi).get(reverse(f"enrollment:{name}", args=[draft.pk])).status_code == 404
        assert browser(chidi).post(reverse("enrollment:withdraw", args=[draft.pk])).status_code == 404
        assert Enrolment.objects.get().state == "draft"

    def test_is_drawn_inside_the_page_of_its_product(self, amal):
        draft = enrolments.draft(amal)

        html = browser(amal).get(reverse("enrollment:of-product", args=[draft.product_id])).content.decode()

        assert draft.number in html
        actions.withdraw(enrolment_id=draft.pk, actor=amal, at=NOON)
        assert "Enrol again" in browser(amal).get(reverse("enrollment:of-product", args=[draft.product_id])).content.decode()


class TestTheList:
    def test_narrows_by_state_and_name(self, amal, dana):
        enrolments.draft(amal, name="围巾")
        enrolments.approved(amal, dana, name="面霜")
        page = browser(amal)

        def found(**query):
            return [enrolment.product.name for enrolment, _ in page.get(reverse("enrollment:list"), query).context["rows"]]

        assert (found(), found(state="draft"), found(q="霜")) == (["面霜", "围巾"], ["围巾"], ["面霜"])
        assert page.get(reverse("enrollment:list"), {"state": "gone"}).status_code == 400

    def test_asks_no_more_of_the_database_for_six_rows_than_for_two(self, amal):
        page, url = browser(amal), reverse("enrollment:list")
        few = queries_after(lambda: [enrolments.draft(amal) for _ in range(2)], page, url)

        assert queries_after(lambda: [enrolments.draft(amal) for _ in range(4)], page, url) == few

    def test_says_what_to_do_when_it_is_empty(self, amal):
        assert "No enrolment yet" in browser(amal).get(reverse("enrollment:list")).content.decode()
