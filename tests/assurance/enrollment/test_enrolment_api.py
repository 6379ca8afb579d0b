"""The API of enrolments: every step has its verb."""

from __future__ import annotations

import pytest

from assurance.enrollment.models import Enrolment
from tests import enrolments
from tests.doors import Api, flaws, queries_after, said

pytestmark = [pytest.mark.usefixtures("categories"), pytest.mark.row("P19.1")]
REASONS = {"reasons": [{"field": "gtin", "code": "contradiction", "words": "包装上是另一个条码"}]}


class TestTheWay:
    def test_goes_from_draft_over_a_return_to_approved(self, amal, dana):
        merchant, reviewer = Api(amal), Api(dana)
        product = enrolments.product(amal)
        enrolments.prove(product, amal)

        made = merchant.post("/enrolments/", {"product": product.pk})
        path = made.headers["Location"].removeprefix("/api/v1")
        assert (made.status_code, made.json()["state"]) == (201, "draft")
        assert merchant.post(path + "submit/").json()["state"] == "submitted"
        assert reviewer.post(path + "claim/").json()["is_claimed"] is True
        returned = reviewer.post(path + "return-for-changes/", REASONS).json()
        assert (returned["state"], returned["is_claimed"], returned["reasons"][0]["field"]) == ("needs_changes", False, "gtin")
        assert merchant.patch(f"/products/{product.pk}/", {"version": 1, "name": "新名字"}).status_code == 200
        assert merchant.post(path + "submit/").json()["snapshot"]["fields"]["name"] == "新名字"
        reviewer.post(path + "claim/")
        reviewer.post(path + "release-claim/", {"reason": "休假"})
        reviewer.post(path + "claim/")
        approved = reviewer.post(path + "approve/").json()
        assert approved["state"] == "approved"
        assert approved["valid_until"] is not None
        assert merchant.post(path + "withdraw/", {"reason": "停产"}).json()["state"] == "withdrawn"

    def test_repeats_nothing(self, amal):
        sent = enrolments.draft(amal)
        api, path = Api(amal), f"/enrolments/{sent.pk}/submit/"

        first, second = api.post(path, key="once"), api.post(path, key="once")

        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert second.headers["Idempotent-Replayed"] == "true"
        assert said(api.post(path)) == (409, "wrong_state")

    @pytest.mark.row("P2.2")
    def test_says_everything_that_is_missing_at_once(self, amal):
        draft = enrolments.draft(amal, gtin="", attributes={}, shelf_life_days=None, proven=False)

        response = Api(amal).post(f"/enrolments/{draft.pk}/submit/")

        assert said(response) == (422, "incomplete")
        assert flaws(response) == {
            "gtin": "gtin_or_reason",
            "shelf_life_days": "missing_shelf_life",
            "attributes.registration": "missing",
            "attributes.ingredients": "missing",
            "attributes.maker": "missing",
            "attributes.standard": "missing",
            "certificates.cosmetics_filing": "certificate_missing",
        }

    @pytest.mark.row("P1.2")
    @pytest.mark.parametrize(
        ("body", "status", "found"),
        [
            ({"reasons": []}, 422, {"reasons": "reason_required"}),
            ({}, 400, {"reasons": "required"}),
            ({"reasons": [{"field": "colour", "code": "missing"}]}, 422, {"reasons.0.field": "unknown_reason_field"}),
            ({"reasons": [{"field": "name", "code": "other"}]}, 422, {"reasons.0.words": "words_required"}),
            ({"reasons": [{"field": "name", "code": "ugly"}]}, 400, {"reasons.0.code": "invalid_choice"}),
            ({"reasons": REASONS["reasons"] * 2}, 422, {"reasons.1.code": "duplicate_reason"}),
        ],
    )
    def test_needs_reasons_at_fields(self, amal, dana, body, status, found):
        claimed = enrolments.claimed(amal, dana)

        response = Api(dana).post(f"/enrolments/{claimed.pk}/reject/", body)

        assert (response.status_code, flaws(response)) == (status, found)
        assert Enrolment.objects.get().state == "submitted"

    @pytest.mark.row("P1.5")
    def test_names_what_stands_in_the_way(self, amal, dana, dov):
        sent = enrolments.submitted(amal)
        path = f"/enrolments/{sent.pk}"

        assert said(Api(dana).post(f"{path}/approve/")) == (409, "not_claimed")
        Api(dana).post(f"{path}/claim/")
        assert said(Api(dov).post(f"{path}/claim/")) == (409, "already_claimed")
        assert said(Api(dov).post(f"{path}/approve/")) == (409, "claimed_by_another")
        assert said(Api(dov).post(f"{path}/release-claim/")) == (409, "claimed_by_another")
        assert said(Api(amal).post(f"{path}/approve/")) == (403, "permission_denied")

    def test_begins_one_enrolment_for_a_product(self, amal, chidi):
        product = enrolments.product(amal)
        Api(amal).post("/enrolments/", {"product": product.pk})

        assert said(Api(amal).post("/enrolments/", {"product": product.pk})) == (409, "already_enrolled")
        assert flaws(Api(chidi).post("/enrolments/", {"product": product.pk})) == {"product": "not_found"}


class TestTheList:
    def test_is_the_review_queue_by_due_time(self, amal, dana):
        first, second = enrolments.submitted(amal), enrolments.submitted(amal)
        Enrolment.objects.filter(pk=second.pk).update(due_at=first.due_at.replace(hour=1))
        enrolments.draft(amal)

        listed = Api(dana).get("/enrolments/", state="submitted", ordering="due_at").json()

        assert [one["id"] for one in listed["results"]] == [second.pk, first.pk]
        assert Api(dana).get("/enrolments/").json()["count"] == 2
        assert Api(amal).get("/enrolments/", product=first.product_id).json()["count"] == 1

    def test_shows_a_stranger_nothing(self, amal, chidi):
        draft = enrolments.draft(amal)

        assert Api(chidi).get("/enrolments/").json()["count"] == 0
        assert said(Api(chidi).get(f"/enrolments/{draft.pk}/")) == (404, "not_found")
        assert said(Api(chidi).post(f"/enrolments/{draft.pk}/withdraw/")) == (404, "not_found")

    def test_asks_no_more_of_the_database_for_six_rows_than_for_two(self, amal, dana):
        client = Api(amal).client
        few = queries_after(lambda: [enrolments.returned(amal, dana) for _ in range(2)], client, "/api/v1/enrolments/")

        assert queries_after(lambda: [enrolments.returned(amal, dana) for _ in range(4)], client, "/api/v1/enrolments/") == few
