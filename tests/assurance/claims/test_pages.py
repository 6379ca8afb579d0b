"""The pages and the API of claims: words are marked with rule, law and what would support them; worth can only be read."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assurance.claims.models import Claim, ClaimEvidence, ClaimFinding
from tests import enrolments
from tests.doors import Api

FORM = {"kind": "absolute_word", "said_by": "page", "text": "全网第一的破壁机", "declared": "on"}


@pytest.mark.row("A2.3")
class TestAClaimOnAPage:
    def test_is_marked_while_it_is_typed_and_when_it_is_kept(self, client, amal, blender):
        client.force_login(amal)

        typed = client.post(reverse("claims:check", args=[blender.pk]), FORM, headers={"HX-Request": "true"}).content.decode()
        kept = client.post(reverse("claims:create", args=[blender.pk]), FORM)
        shown = client.get(reverse("claims:show", args=[Claim.objects.get().pk])).content.decode()

        assert kept.status_code == 302
        for page in (typed, shown):
            assert '<mark class="w-fail">全网第一</mark>' in page
            assert "Advertising Law, articles 9 (3) and 11 (2)" in page
            assert "Sales or ranking data with source, scope and date." in page

    def test_says_beside_the_field_what_is_missing(self, client, amal, blender):
        client.force_login(amal)

        answer = client.post(reverse("claims:create", args=[blender.pk]), FORM | {"kind": "rated_number"})

        assert answer.status_code == 422
        assert "A number needs its value and its unit." in answer.content.decode()
        assert not Claim.objects.exists()

    def test_gets_papers_of_the_merchant_and_findings_of_the_platform(self, client, amal, dana, claim):
        made = claim()
        client.force_login(amal)
        paper = {"basis": "document", "words": "检验报告", "file": SimpleUploadedFile("a.jpg", enrolments.picture(), "image/jpeg")}
        assert client.post(reverse("claims:attach", args=[made.pk]), paper).status_code == 302
        client.force_login(dana)
        found = {"grade": "alleged", "source": "press", "words": "视频称为 105 W", "found_date": "2026-11-01"}
        assert client.post(reverse("claims:find", args=[made.pk]), found).status_code == 302

        page = client.get(reverse("claims:show", args=[made.pk])).content.decode()

        assert "Documented" in page
        assert "视频称为 105 W" in page
        assert ClaimEvidence.objects.filter(claim=made, basis="document").count() == ClaimFinding.objects.filter(claim=made).count() == 1

    def test_stands_in_the_review_with_its_worth(self, client, dana, claim, blender):
        claim()
        client.force_login(dana)

        page = client.get(reverse("claims:of-product", args=[blender.pk]), headers={"HX-Request": "true"}).content.decode()

        assert "搅拌功率 300 W" in page
        assert "The merchant states it; nothing else shows it." in page


@pytest.mark.row("A2.1")
class TestAClaimInTheApi:
    def test_is_made_read_and_never_given_a_status(self, amal, blender):
        body = {"product": blender.pk, "kind": "rated_number", "said_by": "page", "text": "300 W", "value": "300", "unit": "W"}

        made = Api(amal).post("/claims/", body)
        refused = Api(amal).post("/claims/", body | {"text": "x", "status": "lab_verified"})

        assert (made.status_code, made.json()["status"], made.json()["value"]) == (201, "declared", "300.000000")
        assert refused.status_code == 400

    def test_checks_words_by_category(self, amal):
        enrolments.load_categories()

        answer = Api(amal).post("/claims/check/", {"text": "帮助改善睡眠", "category": "snacks"}).json()

        [found] = answer["findings"]
        assert (found["start"], found["end"], found["rule"], found["level"]) == (2, 6, "food_health", "high")
