"""Claims where streamers see them: only with their proof, and gone from card, page and talk-sheet when the proof is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assurance.catalog import actions as catalog
from assurance.catalog import tasks
from assurance.catalog.queries import shown
from assurance.catalog.talk_sheet import content_of
from assurance.claims import actions
from assurance.claims.actions import Attached, NewClaim
from assurance.claims.queries import day_of
from assurance.events.models import Event, Job
from assurance.files.actions import store
from assurance.notices.models import Notice
from tests import enrolments, offers

pytestmark = [pytest.mark.django_db, pytest.mark.row("A2.2"), pytest.mark.promise("G15")]

FIVE = timedelta(days=5)


@pytest.fixture
def entry(amal, wei, bo):
    return offers.offered(amal, team=(wei, bo))


@pytest.fixture
def claims(amal, entry):
    """Made five days ago: one with a paper until yesterday, one that is only stated."""
    now = timezone.now() - FIVE
    new = {"kind": "efficacy", "said_by": "page", "actor": amal, "at": now}
    made = actions.make_all([NewClaim(entry.product_id, text=text, **new) for text in ("温和清洁", "柔软亲肤")])
    paper = store(organisation=amal.organisation, uploaded_by=amal, data=enrolments.picture(), shown_name="报告.jpg", at=now)
    actions.attach(Attached(made[0].pk, "document", file=paper, until=day_of(now) + timedelta(days=4)), actor=amal, at=now)
    return made


def said(entry, part: str, at) -> list[str]:
    return [one["say"] for one in content_of(entry, at=at)[part] if "“" in one["say"]]


class TestAClaimInTheCatalogue:
    def test_stands_there_only_with_its_proof(self, amal, entry, claims, client, mei):
        now = timezone.now()
        paper = store(organisation=amal.organisation, uploaded_by=amal, data=enrolments.picture(), shown_name="新.jpg", at=now)
        actions.attach(Attached(claims[0].pk, "document", file=paper), actor=amal, at=now)
        client.force_login(mei)

        page = client.get(reverse("catalog:show", args=[entry.pk])).content.decode()

        assert "温和清洁" in page
        assert "柔软亲肤" not in page
        assert [row.claim_id for row in shown([entry], at=now)[0].claims] == [claims[0].pk]
        assert said(entry, "may", now) == ["“温和清洁”"]
        assert "“柔软亲肤”" in said(entry, "later", now)

    def test_leaves_card_and_sheet_when_its_proof_ends_and_everybody_who_chose_it_hears_of_it(self, entry, claims, mei, max_):
        for person in (mei, max_):
            chosen = catalog.make_list(name="周五", actor=person, at=timezone.now())
            catalog.add(list_id=chosen.pk, entries=[entry], actor=person, at=timezone.now())
        before, now = timezone.now() - FIVE, timezone.now()
        assert [said(entry, "may", at) for at in (before, now)] == [["“温和清洁”"], []]
        assert [len(shown([entry], at=at)[0].claims) for at in (before, now)] == [1, 0]

        actions.settle_over(at=now)
        event = Event.objects.get(kind="claims.claim.changed", ids__fell=1)
        assert Job.objects.filter(handler="assurance.catalog.tell_of_claim").exists()
        for _again in range(2):
            tasks.tell_of_claim(**event.ids)

        assert {one.recipient for one in Notice.objects.filter(kind="selected_claim_fell")} == {mei, max_}
        assert "“温和清洁”" in said(entry, "later", now)

    def test_that_is_refuted_must_not_be_said(self, entry, claims, dana):
        now = timezone.now()

        actions.find(claim_id=claims[0].pk, grade="confirmed", source="court", words="判决", found_on=day_of(now), actor=dana, at=now)

        assert "“温和清洁”" in said(entry, "must_not", now)
