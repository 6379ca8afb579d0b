from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connections, transaction

from assurance.events.models import Event
from assurance.evidence.actions import Measured, Said, record, record_all, report_fact, report_facts
from assurance.evidence.canonical import NotCanonical
from assurance.evidence.models import EvidenceEntry, Fact
from tests.factories import NOON


def say(**given):
    values = {"product_id": 5, "organisation_id": 7, "at": NOON, "actor": None, "body": {"verdict": "accepted"}} | given
    return record("inspection_decided", **values)


@pytest.mark.django_db
class TestRecording:
    def test_keeps_the_bytes_that_will_be_hashed_and_the_columns_that_repeat_them(self, eve):
        entry = say(actor=eve, lot_id=9)

        kept = EvidenceEntry.objects.get(pk=entry.pk)
        assert (
            bytes(kept.body)
            == (
                f'{{"actor_id":{eve.pk},"kind":"inspection_decided","lot_id":9,"organisation_id":7,"product_id":5,'
                '"recorded_at":"2026-11-20T04:00:00.000000Z","says":{"verdict":"accepted"}}'
            ).encode()
        )
        assert (kept.kind, kept.organisation_id, kept.product_id, kept.lot_id) == ("inspection_decided", 7, 5, 9)
        assert (kept.recorded_at, kept.actor_id, kept.says) == (NOON, eve.pk, {"verdict": "accepted"})

    def test_writes_money_dates_and_moments_as_text(self):
        entry = say(body={"price": Decimal("12.30"), "on": date(2026, 11, 20), "at": NOON, "of": UUID(int=1)})

        assert entry.says == {
            "price": "12.30",
            "on": "2026-11-20",
            "at": "2026-11-20T04:00:00+00:00",
            "of": "00000000-0000-0000-0000-000000000001",
        }

    def test_tells_of_it_with_the_ids_that_followers_need(self):
        entry = say(lot_id=9)

        event = Event.objects.get()
        assert (event.kind, event.organisation_id, event.subject_id) == ("evidence.entry.recorded", 7, entry.pk)
        assert event.ids == {"evidence_entry_id": entry.pk, "product_id": 5, "lot_id": 9}

    def test_takes_many_in_a_few_statements(self, django_assert_max_num_queries):
        with django_assert_max_num_queries(4):
            entries = record_all([Said("badge_issued", number, 7, {"n": number}) for number in range(50)], actor=None, at=NOON)

        assert [entry.product_id for entry in entries] == list(range(50))
        assert Event.objects.count() == 50

    @pytest.mark.parametrize("body", [{"share": 0.5}, {"list": [float("inf")]}, {"text": "\ud800"}, {"n": 2**60}])
    def test_refuses_what_has_no_one_spelling_and_writes_nothing(self, body):
        with pytest.raises(NotCanonical):
            say(body=body)
        assert not EvidenceEntry.objects.exists()

    def test_is_seen_by_the_merchant_and_the_platform_only(self, amal, ann, chidi, bo, ada, dana):
        entry = say(organisation_id=amal.organisation_id)

        for user, sees in ((amal, [entry]), (ann, [entry]), (ada, [entry]), (dana, [entry]), (chidi, []), (bo, [])):
            assert list(EvidenceEntry.objects.visible_to(user)) == sees

    def test_without_a_kind_is_refused_by_the_database(self):
        with pytest.raises(IntegrityError, match="evidence_has_a_kind"), transaction.atomic():
            record("", product_id=1, organisation_id=7, at=NOON, actor=None, body={})


class TestRecordingOutsideATransaction:
    def test_is_a_mistake(self, committed_db):
        with pytest.raises(RuntimeError, match="must share the transaction"):
            say()


def report(value, hour=0, **given):
    values = {"subject_kind": "product", "subject_id": 1, "sample_size": 100, "at": NOON + timedelta(days=1)} | given
    return report_fact("return_rate", value=value, as_of=NOON + timedelta(hours=hour), **values)


@pytest.mark.django_db
class TestReportingAFact:
    def test_writes_it_with_its_sample_and_its_moment(self):
        fact = report(Decimal("0.0125"), unit="share")

        kept = Fact.objects.get(pk=fact.pk)
        assert (kept.name, kept.subject_kind, kept.subject_id, kept.value) == ("return_rate", "product", 1, Decimal("0.012500"))
        assert (kept.unit, kept.sample_size, kept.as_of, kept.recorded_at) == ("share", 100, NOON, NOON + timedelta(days=1))
        event = Event.objects.get()
        assert event.kind == "evidence.fact.changed"
        assert event.changes["value"] == [None, "0.012500"]

    def test_again_writes_nothing_and_tells_of_nothing(self):
        report(Decimal("0.5"))

        assert report(Decimal("0.50000049"), hour=1) is None
        assert (Fact.objects.count(), Event.objects.count()) == (1, 1)

    @pytest.mark.parametrize("change", [{"value": 6}, {"sample_size": 101}, {"unit": "percent"}])
    def test_writes_again_when_value_sample_or_unit_changed(self, change):
        report(5)

        assert report(**({"value": 5, "hour": 1} | change)) is not None
        assert Fact.objects.count() == 2

    def test_drops_what_comes_too_late(self):
        report(5, hour=2)

        assert report(6, hour=1) is None
        assert Fact.objects.get().value == 5

    def test_corrects_a_number_of_the_same_moment(self):
        report(5)
        report(6)

        assert [int(fact.value) for fact in Fact.objects.latest_of_each()] == [6]

    def test_takes_a_thousand_subjects_in_a_few_statements(self, django_assert_max_num_queries):
        everything = [Measured(number, number % 7, 10) for number in range(1000)]
        with django_assert_max_num_queries(6):
            assert len(report_facts("silence", everything, subject_kind="lane", as_of=NOON, at=NOON)) == 1000

        changed = [*everything[:-1], Measured(999, 99, 10)]
        assert [fact.subject_id for fact in report_facts("silence", changed, subject_kind="lane", as_of=NOON, at=NOON)] == [999]
        with pytest.raises(ValueError, match="1001 facts in one call"):
            report_facts("silence", [*everything, Measured(1000, 1, 1)], subject_kind="lane", as_of=NOON, at=NOON)

    @pytest.mark.parametrize("value", [0.5, "0.5", True, None])
    def test_takes_only_exact_numbers(self, value):
        with pytest.raises(TypeError, match="a fact is a Decimal or an int"):
            report(value)

    def test_of_the_future_is_refused_by_the_database(self):
        with pytest.raises(IntegrityError, match="fact_is_not_of_the_future"), transaction.atomic():
            report(1, hour=48)

    def test_is_shown_to_the_platform_only(self, amal, ada):
        fact = report(5)

        assert list(Fact.objects.visible_to(ada)) == [fact]
        assert list(Fact.objects.visible_to(amal)) == []


class TestTwoWhoMeasureAtOnce:
    def test_the_second_sees_what_the_first_wrote(self, committed_db):
        """5, then 6 by one and 5 again by another who measured later: the last word is 5, not silence."""
        report(5, hour=0)
        first_wrote, faults = threading.Event(), []

        def later() -> None:
            try:
                first_wrote.wait(10)
                report(5, hour=2)
            except Exception as fault:
                faults.append(fault)
                raise
            finally:
                connections.close_all()

        other = threading.Thread(target=later)
        other.start()
        with transaction.atomic():
            report(6, hour=1)
            first_wrote.set()
            wait_until_somebody_waits()
        other.join()

        assert faults == []
        assert [int(fact.value) for fact in Fact.objects.order_by("id")] == [5, 6, 5]


def wait_until_somebody_waits() -> None:
    """Return as soon as another session waits for an advisory lock of ours."""
    with connections["default"].cursor() as cursor:
        for _ in range(2000):
            cursor.execute("SELECT count(*), pg_sleep(0.002) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came to wait")
