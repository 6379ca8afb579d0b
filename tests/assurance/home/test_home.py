"""Every role's home page answers what to do next and shows how things stand, in few queries at any size."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from assurance.access import ACCESS
from assurance.accounts.models import Organisation, User
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.home import STANDS, columns_of_steps, home_of, stands_of
from assurance.roles import ROLES_OF, Kind, Role
from tests import factories, failures, goods
from tests.factories import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.home import Panel, Step

MOST_QUERIES: Final = 18
EVERY_ROLE: Final = sorted(Role)


@pytest.fixture
def world(amal: User, wei: User, bo: User, xiaoshan: Organisation) -> dict[str, Any]:
    """A merchant's goods at every point of the way, in one warehouse."""
    goods.enrol(
        goods.product(amal.organisation, name="双头眉笔", name_en=""), state=EnrolmentState.NEEDS_CHANGES, decided_by=None, decided_at=None
    )
    goods.enrol(
        goods.product(amal.organisation, name="护手霜"), state=EnrolmentState.SUBMITTED, decided_by=None, decided_at=None, due_at=NOON
    )
    goods.accepted(amal, wei, bo, lot="HJ-OK")
    goods.inspection(amal, wei, lot="HJ-WAITS")
    goods.announced(amal, xiaoshan, goods.line(goods.enrolled(amal.organisation), lot="HJ-SENT"))
    return {"merchant": amal.organisation, "warehouse": xiaoshan}


def person(role: Role, world: dict[str, Any]) -> User:
    """Return somebody in this role: of the merchant, of the warehouse, or of an organisation of the role's kind."""
    kind = next(kind for kind, roles in ROLES_OF.items() if role in roles)
    return factories.user(
        role, {Kind.MERCHANT: world["merchant"], Kind.WAREHOUSE: world["warehouse"]}.get(kind) or factories.organisation(kind)
    )


def page_of(user: User) -> tuple[str, int]:
    """Return the home page as this person sees it, and how many queries it cost."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/")
    assert response.status_code == 200
    return response.text, len(queries)


def panels(user: User, *, at: datetime = NOON) -> dict[str, Panel]:
    with translation.override("en"):
        return {panel.template: panel for _columns, panel in home_of(user, at=at)["panels"]}


def steps(user: User) -> list[Step]:
    with translation.override("en"):
        return list(home_of(user, at=NOON)["steps"])


class TestTheHomePage:
    def test_shows_everybody_something_and_costs_few_queries_also_when_there_is_more(
        self, world: dict[str, Any], amal: User, wei: User, bo: User
    ) -> None:
        everybody = {role: person(role, world) for role in EVERY_ROLE}
        before = {}
        for role, who in everybody.items():
            text, before[role] = page_of(who)
            assert "What to do next" in text, role
            assert text.count('<section class="w-panel') >= 3, role
        assert {role: cost for role, cost in before.items() if cost > MOST_QUERIES} == {}

        for number in range(3):
            goods.accepted(amal, wei, bo, lot=f"HJ-MORE-{number}")
            goods.inspection(amal, wei, lot=f"HJ-ALSO-{number}")
            goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation), lot=f"HJ-NEW-{number}"))

        assert {role: page_of(who)[1] for role, who in everybody.items()} == before

    @pytest.mark.parametrize("role", EVERY_ROLE)
    def test_fills_its_rows(self, role: Role) -> None:
        row, widths = 0, [columns_of_steps(stands_of(role)), *(stand.columns for stand in stands_of(role))]
        for width in widths:
            row += width
            assert row <= 12, f"{role}: {widths}"
            row %= 12

        assert row == 0, f"{role}: {widths}"

    def test_leads_only_where_its_reader_may_go(self, world: dict[str, Any]) -> None:
        from django.urls import resolve

        for role in Role:
            who = person(role, world)
            for panel in panels(who).values():
                if panel.url:
                    found = resolve(panel.url.split("?")[0])
                    assert role in ACCESS[found.view_name]["GET"], f"{role}: {panel.url}"

    def test_has_two_panels_at_one_place_for_nobody(self) -> None:
        for role in Role:
            places = [stand.place for stand in STANDS if role in stand.roles]
            assert len(places) == len(set(places)), role


class TestAMerchant:
    def test_who_is_new_is_told_where_to_begin(self, chidi: User) -> None:
        [step] = steps(chidi)

        assert (step.title, step.url) == ("Enter your first product", "/enrolments/new/")

    def test_is_told_what_was_returned_before_what_can_wait(self, world: dict[str, Any], amal: User) -> None:
        titles = [step.title for step in steps(amal)]

        assert titles[0].startswith("双头眉笔 was returned")
        assert all("on its way" not in title for title in titles)

    def test_is_reminded_of_an_enrolled_product_that_was_never_sent(self, amal: User) -> None:
        goods.enrolled(amal.organisation, name="洁面乳", name_en="")

        assert "Announce a shipment of 洁面乳" in [step.title for step in steps(amal)]

    def test_sees_lots_on_the_road_being_inspected_and_decided(self, world: dict[str, Any], amal: User) -> None:
        shown = panels(amal)["qc/inspections/_home_under_way.html"].shown

        assert [line.lot_number for line in shown.lines] == ["HJ-SENT"]
        assert [inspection.lot.number for inspection, _progress in shown.inspections] == ["HJ-WAITS", "HJ-OK"]

    def test_is_told_no_name_of_an_inspector(self, world: dict[str, Any], amal: User, bo: User) -> None:
        from qc.inspections import actions as qc
        from qc.inspections.models import Inspection

        bo.name = "陈静静"
        bo.save(update_fields=["name"])
        qc.claim(inspection_id=Inspection.objects.undecided().get().pk, actor=bo, at=NOON)
        client = Client()
        client.force_login(amal)

        for page in ("/", "/inspections/?scope=todo", "/inspections/?scope=all"):
            assert "陈静静" not in client.get(page).text, page

    def test_sees_nothing_of_another_merchant(self, world: dict[str, Any], chidi: User) -> None:
        text, _cost = page_of(chidi)

        assert "HJ-" not in text
        assert "双头眉笔" not in text


class TestQuality:
    def test_offers_both_sides_what_waits_for_their_answer(self, amal: User, wei: User, bo: User) -> None:
        lead = factories.user(Role.QC_LEAD, wei.organisation)
        row = failures.failed(amal, wei, bo)
        failures.demanded(goods.enrolled(amal.organisation), wei.organisation)
        failures.submitted(goods.enrolled(amal.organisation), wei.organisation, amal)
        goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation), lot="HJ-SLOT"))
        goods.slots(wei)

        asked = {"1 corrective action to answer", "1 lot to decide on", "1 shipment without a slot"}
        assert {step.title for step in steps(amal)} >= asked
        failures.ask(row, amal, "sort", 5)
        told = {step.title: step.url for step in steps(lead)}
        assert (told["1 wish to answer"], told["1 corrective action to decide on"]) == ("/non-conformances/", "/quality/")


class TestAWarehouse:
    def test_sees_its_day(self, world: dict[str, Any], wei: User) -> None:
        shown = panels(wei)["warehouse/inbound/_home_today.html"].shown

        assert (shown.expected, shown.late, shown.receiving, shown.later) == (1, 0, 0, 0)

    def test_sees_what_is_late(self, world: dict[str, Any], wei: User) -> None:
        assert panels(wei, at=NOON + timedelta(days=2))["warehouse/inbound/_home_today.html"].shown.late == 1

    def test_sees_what_waits_for_a_verdict(self, world: dict[str, Any], wei: User) -> None:
        panel = panels(wei)["qc/inspections/_home_waiting.html"]

        assert [one.lot.number for one in panel.shown["queue"]] == ["HJ-WAITS"]
        assert panel.note == "1 lot, 1,000 units"

    def test_sees_nothing_of_another_warehouse(self, world: dict[str, Any], other_warehouse: Organisation) -> None:
        text, _cost = page_of(factories.user(Role.WAREHOUSE_OPERATOR, other_warehouse))

        assert "HJ-" not in text


class TestAnInspector:
    def test_sees_the_verdicts_of_a_month_with_their_defect_rate(self, world: dict[str, Any], bo: User) -> None:
        shown = panels(bo)["qc/inspections/_home_month.html"].shown

        assert (shown.decided, shown.rejected, shown.inspected, shown.defective, shown.percent) == (1, 0, 80, 0, 0.0)

    def test_sees_no_rate_of_nothing(self, bob: User) -> None:
        assert panels(bob)["qc/inspections/_home_month.html"].shown.percent is None


class TestAReviewer:
    def test_sees_the_queue_in_figures(self, world: dict[str, Any], dana: User) -> None:
        shown = panels(dana, at=NOON + timedelta(hours=1))["enrollment/_home_counts.html"].shown

        assert (shown.waiting, shown.overdue, shown.unclaimed, shown.mine) == (1, 1, 1, 0)


class TestThePlatform:
    def test_is_told_that_processes_are_silent(self, eve: User) -> None:
        assert panels(eve)["events/_home_background.html"].shown.silent == ["relay", "worker"]

    def test_is_told_of_parked_jobs_first(self, world: dict[str, Any], eve: User) -> None:
        from assurance.events.models import Job

        Job.objects.filter(pk__in=Job.objects.values("pk")[:2]).update(state="parked")

        [step] = steps(eve)
        assert (step.title, step.url) == ("2 jobs failed in every attempt", "/jobs/")

    def test_shows_an_auditor_the_trail(self, world: dict[str, Any], ada: User) -> None:
        text, _cost = page_of(ada)

        assert "Inspection opened" in text
        assert "You may read everything and change nothing" in text
