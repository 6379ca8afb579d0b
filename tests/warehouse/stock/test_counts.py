"""Counting: blind or not, differences posted with reasons, the large ones by a second person; how exact counts were (P6.6)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from assurance.database import constraint_of
from assurance.refusals import OwnWork, WrongState
from assurance.roles import Role
from tests import factories, orders
from tests.factories import NOON
from tests.warehouse.doors import ask, pages, send
from warehouse.stock import actions
from warehouse.stock.actions import Counted, NewBin, Placing, counting
from warehouse.stock.counting import accuracy, needs_second
from warehouse.stock.models import CountLine, CycleCount, Lot
from warehouse.stock.queries import accuracy_of, bin_differences, differences, find_counts, places_of, reconciliation, stand_of

if TYPE_CHECKING:
    from assurance.accounts.models import User


@pytest.mark.row("P6.6")
class TestTheRules:
    @pytest.mark.parametrize(
        ("expected", "counted", "is_so"),
        [(10, 8, False), (10, 7, True), (0, 3, True), (1000, 990, False), (1000, 989, True)],
    )
    def test_ask_for_a_second_person_above_the_limit(self, expected: int, counted: int, is_so: bool) -> None:
        assert needs_second(expected=expected, counted=counted) is is_so

    def test_do_not_set_a_surplus_off_against_a_shortage(self) -> None:
        found = accuracy([(10, 10), (10, 8), (10, 12)])

        assert (found.right, found.percent_of_places, found.percent_of_units) == (1, Decimal("33.3"), Decimal("86.7"))
        assert accuracy([]).percent_of_places is None


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    """A released lot: 60 units in A-01, 30 in A-02, 10 on the floor."""
    found = orders.stocked(amal, wei, quantity=100)
    actions.add_bins([NewBin("A-01"), NewBin("A-02")], warehouse_id=wei.organisation_id, actor=wei, at=NOON)
    actions.place([Placing(found.pk, "", "A-01", 60, "1"), Placing(found.pk, "", "A-02", 30, "2")], actor=wei, at=NOON)
    return found


@pytest.fixture
def second(wei: User) -> User:
    return factories.user(Role.WAREHOUSE_OPERATOR, wei.organisation)


def opened(wei: User, *, lot_number: str = "", is_blind: bool = True) -> CycleCount:
    bins = "" if lot_number else "A-"
    return actions.open_count(warehouse_id=wei.organisation_id, bins=bins, lot_number=lot_number, is_blind=is_blind, actor=wei, at=NOON)


def counted(count: CycleCount, actor: User, **units: int) -> CycleCount:
    """Write down the units by bin (``A_01``); ``floor`` is the floor."""
    lines = {(line.bin.code.replace("-", "_") if line.bin else "floor"): line.pk for line in count.lines.select_related("bin")}  # type: ignore[attr-defined]
    return actions.record_counts(count.pk, [Counted(lines[name], number) for name, number in units.items()], actor=actor, at=NOON)


def reasons_for(count: CycleCount, reason: str) -> dict[int, str]:
    return {line.pk: reason for line in CountLine.objects.filter(count=count) if line.difference}


def lies(lot: Lot) -> dict[str, int]:
    assert (differences(), bin_differences()) == ([], [])
    return {place.code: place.units for place in places_of(lot)}


@pytest.mark.row("P6.6")
class TestACount:
    def test_posts_what_is_missing_and_what_was_found(self, lot: Lot, wei: User, second: User, eve: User) -> None:
        count = counted(opened(wei, lot_number=lot.number), wei, A_01=57, A_02=34, floor=10)
        assert count.state == "counted"

        with pytest.raises(counting.ReasonMissing):
            actions.post_count(count.pk, reasons={}, actor=second, at=NOON)
        with pytest.raises(OwnWork):
            actions.post_count(count.pk, reasons=reasons_for(count, "misplaced"), actor=wei, at=NOON)
        actions.post_count(count.pk, reasons=reasons_for(count, "misplaced"), actor=second, at=NOON)

        assert lies(lot) == {"A-01": 57, "A-02": 30, "": 14}  # what was found stands on the floor until it is inspected
        fresh = Lot.objects.get(pk=lot.pk)
        assert {share.custody: share.units for share in stand_of(fresh).shares} == {"released": 97, "destroyed": 3, "pending": 4}
        assert (stand_of(fresh).received, reconciliation(eve).is_even) == (104, True)
        exact = accuracy_of(wei, at=NOON)[wei.organisation_id]
        assert (exact.places, exact.right, exact.expected, exact.differing) == (3, 1, 100, 7)

    def test_compares_with_the_ledger_at_the_moment_of_counting(self, lot: Lot, wei: User) -> None:
        count = opened(wei)
        actions.place([Placing(lot.pk, "A-01", "A-02", 5, "between")], actor=wei, at=NOON)

        counted(count, wei, A_01=55, A_02=35)

        assert actions.post_count(count.pk, reasons={}, actor=wei, at=NOON).state == "posted"
        assert lies(lot) == {"A-01": 55, "A-02": 35, "": 10}

    def test_is_done_again_where_it_differs(self, lot: Lot, wei: User) -> None:
        count = counted(opened(wei), wei, A_01=60, A_02=20)

        actions.count_again(count.pk, actor=wei, at=NOON)

        assert dict(count.lines.values_list("bin__code", "counted")) == {"A-01": 60, "A-02": None}  # type: ignore[attr-defined]
        assert counted(CycleCount.objects.get(pk=count.pk), wei, A_02=30).state == "counted"

    def test_does_not_write_off_what_was_promised(self, lot: Lot, wei: User, second: User, eve: User) -> None:
        orders.allocated(eve, (lot.product, 95))
        count = counted(opened(wei), wei, A_01=50, A_02=30)

        with pytest.raises(counting.Promised):
            actions.post_count(count.pk, reasons=reasons_for(count, "lost"), actor=second, at=NOON)
        assert lies(lot) == {"A-01": 60, "A-02": 30, "": 10}

    def test_that_is_posted_or_called_off_stays(self, lot: Lot, wei: User) -> None:
        posted, off = counted(opened(wei), wei, A_01=60, A_02=30), opened(wei)
        actions.post_count(posted.pk, reasons={}, actor=wei, at=NOON)
        actions.cancel_count(off.pk, actor=wei, at=NOON)

        for count in (posted, off):
            with pytest.raises(WrongState):
                counted(count, wei, A_01=1)
            with pytest.raises(WrongState):
                actions.post_count(count.pk, reasons={}, actor=wei, at=NOON)

    def test_cannot_be_posted_by_its_counter_in_sql(self, lot: Lot, wei: User) -> None:
        count = counted(opened(wei), wei, A_01=40, A_02=30)
        line = count.lines.get(bin__code="A-01")  # type: ignore[attr-defined]
        statements = f"""UPDATE warehouse_cyclecount SET state = 'posted', settled_at = now(), settled_by_id = {wei.pk}
                WHERE id = {count.pk};
            UPDATE warehouse_countline SET lost = 20, reason = 'lost' WHERE id = {line.pk}; SET CONSTRAINTS ALL IMMEDIATE"""

        with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statements)

        assert constraint_of(caught.value) == "count_difference_needs_second"


@pytest.mark.row("P6.6")
class TestPagesAndApi:
    def test_do_not_show_a_blind_counter_what_should_be_there(self, lot: Lot, wei: User) -> None:
        made = send(wei, "counts/", {"bins": "A-", "lot_number": "", "is_blind": True}).json()
        assert [line["expected"] for line in made["lines"]] == [None, None]
        one = made["lines"][0]
        half = send(wei, f"counts/{made['id']}/record/", {"lines": [{"line": one["id"], "units": 59}]}).json()

        assert [(line["expected"], line["counted"]) for line in half["lines"]] == [(None, 59), (None, None)]
        page = pages(wei).get(f"/lots/counts/{made['id']}/")
        assert page.context["shows_expected"] is False

    def test_count_and_settle(self, lot: Lot, wei: User, second: User, bo: User) -> None:
        browser = pages(wei)
        assert browser.post("/lots/counts/", {"bins": "Z-", "lot_number": "", "is_blind": "on"}).status_code == 422
        path = browser.post("/lots/counts/", {"bins": "A-", "lot_number": "", "is_blind": "on"})["Location"]
        count = CycleCount.objects.get()
        first, other = (f"line_{line.pk}" for line in find_counts(wei).get().shown_lines)

        assert browser.post(path, {first: "50", other: "30"}).status_code == 302
        refused = browser.post(f"{path}settle/", {first: "lost"})
        assert (refused.status_code, CycleCount.objects.get().state) == (OwnWork.status, "counted")
        reason = {"how": "post", "reasons": [{"line": int(first.removeprefix("line_")), "reason": "lost"}]}
        told = send(second, f"counts/{count.pk}/settle/", reason).json()

        assert (told["state"], told["lines"][0]["lost"]) == ("posted", 10)
        shown = browser.get("/lots/counts/")
        exact = shown.context["exact"][wei.organisation_id]
        assert (exact.right, exact.percent_of_places, exact.percent_of_units) == (1, Decimal("50.0"), Decimal("88.9"))
        assert all(f"<dd>{percent} <small>" in shown.content.decode() for percent in (exact.percent_of_places, exact.percent_of_units))
        sums, shown = ask(bo, "lots/reconciliation/").json(), browser.get("/lots/reconciliation/").text
        assert (sums["is_even"], sums["warehouses"][0]["received"]) == (True, 100)
        assert "1 lot looked through: it adds up." in shown
        assert '<b>Received in all</b></td><td class="w-r"><b>100</b>' in shown
