"""Who is told of what, and what time does by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from assurance.calendar import china
from assurance.enrollment import queries, tasks
from assurance.enrollment.models import Enrolment
from assurance.home import steps_for
from assurance.notices.models import Notice
from assurance.notices.wording import worded
from tests import enrolments
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("categories")


def told() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for notice in Notice.objects.select_related("recipient").order_by("id"):
        found.setdefault(notice.kind, []).append(notice.recipient.name)
    return found


class TestNotices:
    def test_tell_every_reviewer_once_that_a_case_waits(self, amal, dana, dov, eve):
        enrolment = enrolments.submitted(amal)

        for _ in range(2):
            tasks.tell_reviewers(enrolment_id=enrolment.pk, product_id=enrolment.product_id, subject_id=enrolment.pk)

        assert told() == {"enrolment_submitted": ["Dana", "Dov"]}
        notice = Notice.objects.first()
        assert notice.link == f"/enrolments/review/{enrolment.pk}/"
        assert notice.params == {"product": "氨基酸洁面乳", "product_en": "Amino acid cleanser", "due": "2026-11-24T04:00:00+00:00"}

    def test_tell_the_merchants_people_what_was_decided(self, amal, ann, dana):
        approved, returned, rejected = (made(amal, dana) for made in (enrolments.approved, enrolments.returned, enrolments.rejected))

        tasks.tell_of_approval(enrolment_id=approved.pk)
        tasks.tell_of_return(enrolment_id=returned.pk)
        tasks.tell_of_rejection(enrolment_id=rejected.pk)
        tasks.tell_of_end(enrolment_id=approved.pk)

        both = ["Amal", "Ann"]
        assert told() == dict.fromkeys(("enrolment_approved", "enrolment_returned", "enrolment_rejected", "enrolment_expired"), both)
        notice = Notice.objects.filter(kind="enrolment_returned").first()
        with translation.override("en"):
            assert worded(notice.kind, notice.params).detail == "Points to change: 1. Each stands beside its field."

    def test_tell_again_of_a_second_round(self, amal, dana):
        returned = enrolments.returned(amal, dana)
        tasks.tell_of_return(enrolment_id=returned.pk)
        Enrolment.objects.filter(pk=returned.pk).update(submitted_at=NOON + timedelta(days=1))

        tasks.tell_of_return(enrolment_id=returned.pk)

        assert told() == {"enrolment_returned": ["Amal", "Amal"]}


class TestTheClock:
    def test_ends_what_ran_out_every_hour(self, amal, dana):
        enrolment = enrolments.approved(amal, dana)
        Enrolment.objects.filter(pk=enrolment.pk).update(valid_until=timezone.now() - timedelta(minutes=1))

        tasks.expire_enrolments()

        assert Enrolment.objects.get().state == "expired"

    @pytest.mark.parametrize(("days", "is_told"), [(90, False), (30, True)])
    def test_warns_the_administrators_before_the_calendar_ends(self, eve, dana, monkeypatch, days, is_told):
        from dataclasses import replace

        shorter = replace(china(), last=timezone.localdate() + timedelta(days=days))
        monkeypatch.setattr(tasks, "china", lambda: shorter)

        for _ in range(2):
            tasks.warn_of_calendar()

        assert told() == ({"calendar_ends": ["Eve"]} if is_told else {})


class TestTheHomePage:
    def test_tells_a_merchant_what_to_finish_and_what_to_change(self, amal, dana, ann, chidi):
        enrolments.draft(amal, name_en="Scarf")
        returned = enrolments.returned(amal, dana, name_en="Cream")
        enrolments.submitted(amal)

        with translation.override("en"):
            steps = [step for step in steps_for(amal, at=NOON) if "enrolments" in step.url]

        assert {(step.title, step.verb, step.tone) for step in steps} == {
            ("Finish the enrolment of Scarf", "Go on", "wait"),
            ("Cream was returned, 1 point to change", "Edit", "hold"),
        }
        assert f"/enrolments/{returned.pk}/edit/" in {step.url for step in steps}
        # to another merchant it does not exist: he is only invited to enrol a first product of his own
        assert [step.url for step in steps_for(chidi, at=NOON) if "enrolments" in step.url] == ["/enrolments/new/"]

    def test_tells_a_reviewer_what_is_due_first(self, amal, dana, dov):
        late, mine = enrolments.submitted(amal, name_en="Late"), enrolments.claimed(amal, dana, name_en="Mine")
        enrolments.claimed(amal, dov, name_en="Somebody else's")
        Enrolment.objects.filter(pk=late.pk).update(due_at=NOON - timedelta(hours=1))

        with translation.override("en"):
            steps = [step for step in steps_for(dana, at=NOON) if "enrolments" in step.url]

        assert [(step.title, step.verb, step.tone) for step in steps] == [
            ("Review Late", "Open", "fail"),
            ("Review Mine", "Go on", "run"),
        ]
        assert [step.due_at for step in steps] == [NOON - timedelta(hours=1), Enrolment.objects.get(pk=mine.pk).due_at]

    def test_asks_the_same_of_the_database_however_much_there_is(self, amal, dana, django_assert_num_queries):
        for _ in range(3):
            enrolments.returned(amal, dana)

        with django_assert_num_queries(2):
            list(queries.next_steps(amal, at=NOON))


class TestTheQueue:
    @pytest.mark.row("P1.5")
    def test_is_ordered_by_due_time(self, amal, dana, dov):
        first, second, third = (enrolments.submitted(amal) for _ in range(3))
        for enrolment, hours in ((first, 3), (second, 1), (third, 2)):
            Enrolment.objects.filter(pk=enrolment.pk).update(due_at=NOON + timedelta(hours=hours))
        enrolments.draft(amal)

        assert list(queries.queue(dana)) == [second, third, first]
        assert list(queries.queue(dana, tab="mine")) == []
        assert list(queries.queue(dana, tab="decided")) == []

    def test_shows_what_was_decided_the_newest_first(self, amal, dana):
        approved, rejected = enrolments.approved(amal, dana), enrolments.rejected(amal, dana)

        assert list(queries.queue(dana, tab="decided")) == [rejected, approved]
