from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from assurance.events.models import Event
from assurance.gates.actions import AlreadyCleared, Judgement, clear, clear_all
from assurance.gates.models import Clearance
from assurance.gates.queries import clearance_of
from tests.factories import NOON


@pytest.fixture
def release(hejian, bo):
    def clear_it(**given):
        values = {
            "subject_kind": "lot",
            "subject_id": 3,
            "stage": "inbound",
            "verdict": "released",
            "organisation_id": hejian.pk,
            "because": "1 of 50 failed; 3 is the limit",
            "actor": bo,
            "at": NOON,
        } | given
        return clear(**values)

    return clear_it


class TestClearing:
    def test_keeps_the_verdict_with_its_reason(self, release, hejian, bo):
        release()

        kept = clearance_of("lot", 3, "inbound")
        assert (kept.verdict, kept.because, kept.tranche) == ("released", "1 of 50 failed; 3 is the limit", 1)
        assert (kept.organisation, kept.actor, kept.at) == (hejian, bo, NOON)

    @pytest.mark.parametrize("verdict", ["released", "refused"])
    def test_tells_of_it(self, release, verdict, hejian):
        given = release(verdict=verdict)

        event = Event.objects.get()
        assert (event.kind, event.subject_id, event.organisation_id) == (f"gates.clearance.{verdict}", given.pk, hejian.pk)
        assert event.changes["verdict"] == [None, verdict]

    def test_happens_once_a_tranche(self, release):
        release()

        with pytest.raises(AlreadyCleared):
            release(verdict="refused")
        assert Clearance.objects.get().verdict == "released"
        assert Event.objects.count() == 1

    def test_is_asked_for_each_stage_tranche_and_subject(self, release):
        for given in ({}, {"stage": "return"}, {"tranche": 2}, {"subject_id": 4}, {"subject_kind": "parcel", "stage": "outbound"}):
            release(**given)

        assert Clearance.objects.count() == 5

    def test_of_many_is_all_or_nothing(self, release, hejian, bo, django_assert_max_num_queries):
        parcels = [Judgement("parcel", number, "released", hejian.pk, "checked") for number in range(1, 101)]
        with django_assert_max_num_queries(6):
            assert len(clear_all(parcels, stage="outbound", actor=bo, at=NOON)) == 100

        with pytest.raises(AlreadyCleared):
            clear_all([Judgement("parcel", 101, "released", hejian.pk, "checked"), parcels[0]], stage="outbound", actor=bo, at=NOON)
        assert Clearance.objects.count() == 100

    @pytest.mark.parametrize(
        ("given", "rule"),
        [
            ({"subject_kind": "product"}, "clearance_subject_is_known"),
            ({"stage": "sale"}, "clearance_stage_is_known"),
            ({"verdict": "maybe"}, "clearance_verdict_is_known"),
            ({"because": ""}, "clearance_has_a_reason"),
            ({"tranche": 0}, "clearance_tranche_counts_from_one"),
        ],
    )
    def test_is_refused_by_the_database_when_it_makes_no_sense(self, release, given, rule):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            release(**given)

    def test_is_seen_by_the_owner_of_the_goods_by_who_judged_and_by_the_platform(self, release, amal, chidi, bo, bea, bob, ada):
        given = release()

        for user, sees in ((amal, [given]), (bo, [given]), (bea, [given]), (ada, [given]), (chidi, []), (bob, [])):
            assert list(Clearance.objects.visible_to(user)) == sees
