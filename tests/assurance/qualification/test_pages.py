"""What the merchant, the reviewer and the administrator see and do on the pages and by the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assurance.gates.models import Stop
from assurance.qualification.models import EntryRules, ProgrammeEntry, QualificationPaper
from tests import enrolments as made
from tests import factories, papers
from tests.doors import Api, browser, flaws, queries_after, said
from tests.enrolments import picture

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def typed(**given):
    values = {
        "number": "JY13301090000001",
        "issuer": "杭州市萧山区市场监督管理局",
        "from_date": "2025-01-01",
        "until_date": "2027-12-31",
        "file": SimpleUploadedFile("licence.jpg", picture(), "image/jpeg"),
    }
    return values | given


class TestTheMerchantsPage:
    def test_shows_papers_numbers_and_how_he_takes_part(self, merchant, dana):
        papers.verified(merchant, dana, until_date=TODAY + timedelta(days=12))
        papers.measured(merchant.organisation, orders=40, picked="0.5125", ratings=12, satisfied="0.60")
        made.submitted(merchant)

        page = browser(merchant).get(reverse("qualification:show")).content.decode()

        for words in (
            "Missing for what is sold here",
            "Business licence",
            "12 days left",
            "Food business licence",
            "51.2%",
            "of 40",
            "45.0%",
            "60.0%",
            "Not met",
            "Applied",
        ):
            assert words in page, words

    def test_costs_the_same_for_many_papers(self, merchant, dana):
        client, path = browser(merchant), reverse("qualification:show")

        one = queries_after(lambda: papers.entered(merchant), client, path)

        assert queries_after(lambda: [papers.verified(merchant, dana) for _ in range(4)], client, path) == one

    def test_takes_a_paper_in_and_puts_what_is_wrong_beside_its_field(self, merchant):
        client, path = browser(merchant), reverse("qualification:enter", args=["food_licence"])

        wrong = client.post(path, typed(until_date="2024-01-01"))
        assert wrong.status_code == 422
        assert "It would end before it begins." in wrong.content.decode()
        assert not QualificationPaper.objects.exists()

        done = client.post(path, typed())
        paper = QualificationPaper.objects.get()
        assert done.headers["Location"] == reverse("qualification:paper", args=[paper.pk])

    def test_begins_a_successor_with_what_the_older_one_says(self, merchant, dana):
        old = papers.verified(merchant, dana, "brand_authorisation")

        page = browser(merchant).get(reverse("qualification:enter", args=[old.kind]) + f"?replaces={old.pk}").content.decode()

        assert f'value="{old.number}"' in page
        assert "It replaces" in page


class TestTheReviewersPages:
    def test_verify_and_return_with_the_file_beside_the_fields(self, merchant, dana):
        first, second = papers.entered(merchant), papers.entered(merchant)
        client = browser(dana)
        assert first.number in client.get(reverse("qualification:queue")).content.decode()
        page = client.get(reverse("qualification:paper", args=[first.pk])).content.decode()
        assert reverse("files:show", args=[first.file_id]) in page

        empty = client.post(reverse("qualification:send-back", args=[first.pk]), {})
        assert (empty.status_code, "Give at least one reason" in empty.content.decode()) == (422, True)
        client.post(reverse("qualification:send-back", args=[first.pk]), {"code-file": "other", "words-file": "The stamp is missing."})
        client.post(reverse("qualification:verify", args=[second.pk]))

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == ("returned", "verified")
        assert "The stamp is missing." in browser(merchant).get(reverse("qualification:paper", args=[first.pk])).content.decode()

    def test_clear_out_only_with_a_reason_and_let_back_in(self, merchant, dana, eve):
        made.approved(merchant, dana)
        admin, path = browser(eve), reverse("qualification:clear-out", args=[merchant.organisation_id])

        assert admin.post(path, {"reason": ""}).status_code == 422
        assert not Stop.objects.exists()
        assert admin.post(path, {"reason": "Sold fakes."}).status_code == 302

        refused = browser(merchant).post(reverse("qualification:apply"))
        assert refused.status_code == 409
        assert "an application is possible from" in refused.content.decode()
        ProgrammeEntry.objects.filter(state="cleared_out").update(return_date=TODAY)
        assert browser(merchant).post(reverse("qualification:apply")).status_code == 302
        back = ProgrammeEntry.objects.get(state="applied")
        assert browser(dana).post(reverse("qualification:admit", args=[back.pk]), {"evidence": ""}).status_code == 422
        assert browser(dana).post(reverse("qualification:admit", args=[back.pk]), {"evidence": "Audit passed."}).status_code == 302
        assert Stop.objects.get().lifted_at is not None


class TestTheRulesPage:
    def test_shows_whom_a_new_version_hits_before_it_is_published(self, merchant, eve, dana):
        made.approved(merchant, dana)
        papers.measured(merchant.organisation, orders=40, picked="0.5", ratings=12, satisfied="0.9")
        client, path = browser(eve), reverse("qualification:new-rules")
        sent = {
            "version": "2027-01",
            "from_date": str(TODAY + timedelta(days=30)),
            "floor-paid_to_pickup_24h": "60",
            "floor-service_satisfied": "65",
            "least_orders": "30",
            "first_wait": "3",
            "later_wait": "6",
            "most_entries": "3",
            "because": "Faster parcels.",
        }

        first = client.post(path, sent)
        assert (first.status_code, merchant.organisation.name in first.content.decode()) == (409, True)
        assert f'name="accepts" value="{merchant.organisation.code}"' in first.content.decode()

        assert client.post(path, sent | {"accepts": merchant.organisation.code}).status_code == 302
        assert EntryRules.objects.get(version="2027-01").terms["metrics"][0]["at_least"] == "0.6"


@pytest.mark.row("P19.1")
class TestTheApi:
    def test_takes_a_paper_from_upload_to_verified(self, merchant, dana):
        api, reviewer = Api(merchant), Api(dana)
        file = api.upload("/files/", file=SimpleUploadedFile("licence.jpg", picture(), "image/jpeg")).json()["id"]
        body = typed(kind="food_licence", file=file)

        wrong = api.post("/papers/", body | {"number": "JY1", "until_date": "2020-01-01"})
        assert said(wrong) == (422, "invalid")
        assert flaws(wrong) == {"number": "paper_number_shape", "until_date": "ends_before_it_begins"}

        entered = api.post("/papers/", body)
        path = entered.headers["Location"].removeprefix("/api/v1")
        assert (entered.status_code, entered.json()["state"], entered.json()["categories"]) == (201, "entered", ["food"])
        assert said(reviewer.post(path + "send-back/", {"objections": []})) == (422, "reason_required")
        assert reviewer.post(path + "verify/").json()["state"] == "verified"
        assert api.get("/papers/", until="2027-12-31").json()["count"] == 1

    def test_says_where_a_merchant_stands_and_why_he_is_blocked(self, merchant, eve, dana):
        made.approved(merchant, dana)
        papers.measured(merchant.organisation, orders=29, picked="0.9")
        path = f"/qualifications/{merchant.organisation.code}/"
        cleared = Api(eve).post(path + "clear-out/", {"reason": "Sold fakes."}).json()

        told = Api(merchant).get(path).json()

        assert (told["outcome"]["verdict"], told["outcome"]["orders"]) == ("unknown", 29)
        assert [line["because"] for line in told["outcome"]["lines"]] == ["few_orders", "few_orders"]
        assert told["entry"]["return_date"] == cleared["return_date"]
        assert (told["blocks"][0]["code"], told["may_apply"]) == ("cleared_out", False)
        assert said(Api(merchant).post("/entries/", {})) == (409, "cool_down")
        assert said(Api(eve).post(path + "clear-out/", {"reason": ""})) == (400, "required")

    def test_lists_merchants_in_short_in_a_constant_number_of_queries(self, merchant, dana, chidi):
        papers.entered(chidi)
        client = browser(dana)
        few = queries_after(lambda: made.submitted(merchant), client, "/api/v1/qualifications/")
        many = queries_after(lambda: [factories.organisation() for _ in range(5)], client, "/api/v1/qualifications/")

        told = {one["code"]: one for one in Api(dana).get("/qualifications/").json()["results"]}
        assert (told["HEJIAN"]["state"], told["LANXI"]["waiting_papers"], many) == ("applied", 1, few)
        assert [one["code"] for one in Api(merchant).get("/qualifications/").json()["results"]] == ["HEJIAN"]

    def test_does_not_know_anothers_paper(self, merchant, chidi):
        paper = papers.entered(merchant)

        assert Api(chidi).get(f"/papers/{paper.pk}/").status_code == 404
