"""The audit trail as people read it: names, words, labels, narrowed by what has an index, never more than the reader may know."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from assurance.enrollment import actions as enrolments
from assurance.events.actions import announce_all
from assurance.events.models import Event
from assurance.events.queries import trail, trail_entries
from assurance.events.subjects import SUBJECTS
from tests import enrolments as made
from tests import goods
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User
    from assurance.enrollment.models import Enrolment


@pytest.fixture
def enrolment(amal: User, dana: User) -> Enrolment:
    made.load_categories()
    return made.approved(amal, dana)


def seen(user: User, query: str = "", **given: Any) -> str:
    client = Client(headers={"accept-language": given.pop("language", "en")})
    client.force_login(user)
    return client.get(f"/trail/{query}").text


def entries(user: User, **given: Any) -> list[Any]:
    with translation.override("en"):
        return trail_entries(list(trail(user, **given)), seen_by=user)


class TestAnEntry:
    def test_names_what_changed_by_whom_and_leads_there(self, enrolment: Enrolment, amal: User) -> None:
        [entry] = entries(amal, kind="enrollment.enrolment.submitted")

        assert (entry.what, entry.noun, entry.subject) == ("Submitted for review", "enrolment", enrolment.number)
        assert entry.url == f"/enrolments/{enrolment.pk}/"
        assert entry.actor == amal

    def test_leads_a_reviewer_to_his_own_page(self, enrolment: Enrolment, eve: User) -> None:
        [entry] = entries(eve, kind="enrollment.enrolment.approved")

        assert entry.url == f"/enrolments/review/{enrolment.pk}/"

    def test_says_columns_and_values_in_words(self, enrolment: Enrolment, ada: User, dana: User) -> None:
        [entry] = entries(ada, kind="enrollment.enrolment.approved")
        told = {change.name: (change.before, change.after) for change in entry.changes}

        assert told["state"] == ("Submitted", "Approved")
        assert told["decided by"] == ("–", "Dana")
        assert told["decided"][1].endswith("12:00")

    def test_masks_a_person_of_another_organisation(self, enrolment: Enrolment, amal: User) -> None:
        text = seen(amal)

        assert "Dana" not in text
        assert "D***" in text

    def test_shows_no_costs_to_whom_they_are_hidden(self, amal: User, ann: User) -> None:
        made.load_categories()
        made.product(amal, cost="23.45")

        assert ("23.45" in seen(amal), "23.45" in seen(ann)) == (True, False)

    def test_names_the_warehouse_that_was_told(self, amal: User, wei: User) -> None:
        goods.lot(amal, wei)

        [entry] = entries(amal, kind="warehouse.shipment.announced")

        assert {change.name: change.after for change in entry.changes}["warehouse"] == wei.organisation.name

    def test_keeps_the_kind_that_programs_know(self, enrolment: Enrolment, amal: User) -> None:
        assert "enrollment.enrolment.submitted" in seen(amal)

    @pytest.mark.row("P21.1")
    def test_is_chinese_for_who_reads_chinese(self, enrolment: Enrolment, ada: User) -> None:
        ada.language = "zh-hans"
        ada.save(update_fields=["language"])

        text = seen(ada, language="zh-hans")

        assert "提交审核" in text
        assert "已通过" in text

    def test_of_a_code_from_another_version_is_shown_as_it_is(self, enrolment: Enrolment, ada: User) -> None:
        event = Event(kind="new.thing.done", at=NOON, subject_kind="no.table", subject_id=7, changes={"new_column": [None, {"a": 1}]})

        with translation.override("en"):
            [entry] = trail_entries([event], seen_by=ada)

        assert (entry.what, entry.noun, entry.subject, entry.url) == ("new.thing.done", "no.table", "#7", "")
        assert [(change.name, change.after) for change in entry.changes] == [("new_column", "1 entry")]


class TestNarrowing:
    def test_by_subject_kind_person_and_day(self, enrolment: Enrolment, ada: User, amal: User, dana: User) -> None:
        about = ("assurance.enrolment", enrolment.pk)

        assert {entry.event.subject_id for entry in entries(ada, about=about)} == {enrolment.pk}
        assert {entry.actor for entry in entries(ada, actor=dana.pk)} == {dana}
        assert {entry.event.kind for entry in entries(ada, kind="products.product.locked")} == {"products.product.locked"}
        assert entries(ada, since=NOON + timedelta(seconds=1)) == []
        assert entries(ada, until=NOON) == []

    def test_by_what_stands_in_the_address(self, enrolment: Enrolment, ada: User, dana: User) -> None:
        assert "Product entered" not in seen(ada, f"?actor={dana.pk}").split("</select>")[1]
        assert "Signed" not in seen(ada, f"?about=assurance.enrolment:{enrolment.pk}").split("</select>")[1]
        assert "Nothing happened that fits." in seen(ada, "?since=2027-01-01")
        assert "Nothing happened that fits." not in seen(ada, "?since=2026-11-20&until=2026-11-20")

    @pytest.mark.parametrize(
        "query",
        ["?kind=nonsense", "?about=x:y", "?about=assurance.enrolment:-1", "?actor=a", "?since=nonsense", "?before=0", "?actor=" + "9" * 40],
    )
    def test_by_nonsense_narrows_nothing(self, enrolment: Enrolment, ada: User, query: str) -> None:
        assert "Submitted for review" in seen(ada, query).split("</select>")[1]

    def test_goes_on_to_older_entries_without_counting(self, ada: User, amal: User) -> None:
        made.load_categories()
        enrolment = made.submitted(amal)
        with transaction.atomic():
            announce_all([("enrollment.enrolment.submitted", enrolment, {}, {})] * 60, actor=amal, at=NOON)
        first = seen(ada)
        older = Event.objects.order_by("-id")[49].pk

        assert f"before={older}" in first
        assert f"No.</span> {older}" not in seen(ada, f"?before={older}")
        with CaptureQueriesContext(connection) as queries:
            list(trail(ada)[:51])
        assert "COUNT" not in queries[0]["sql"]


class TestTheReader:
    def test_of_another_merchant_sees_nothing(self, enrolment: Enrolment, chidi: User) -> None:
        assert entries(chidi) == []

    def test_pays_one_query_for_each_table_whatever_the_number(self, amal: User, wei: User, bo: User, ada: User) -> None:
        goods.accepted(amal, wei, bo)
        with CaptureQueriesContext(connection) as few:
            shown = entries(ada)
        tables = {entry.event.subject_kind for entry in shown}
        goods.accepted(amal, wei, bo, lot="ANOTHER")
        with CaptureQueriesContext(connection) as many:
            entries(ada)

        assert len(many) == len(few)
        assert tables <= SUBJECTS.keys()


def test_every_subject_of_the_whole_way_has_words(amal: User, wei: User, bo: User, dana: User, xiaoshan: Organisation) -> None:
    """What the actions really write, from the enrolment to the verdict."""
    made.load_categories()
    goods.accepted(amal, wei, bo, product=made.approved(amal, dana).product)
    enrolments.withdraw(enrolment_id=made.submitted(amal).pk, actor=amal, at=NOON, reason="")

    assert set(Event.objects.values_list("subject_kind", flat=True)) <= SUBJECTS.keys()
