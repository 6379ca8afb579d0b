"""Where a scan goes, what a clock cannot be, how an order stands by its parcels: decided without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON
from warehouse.orders.clocks import ClockFlag, clock_flags
from warehouse.orders.lifecycle import OrderState, ParcelState, state_by_parcels
from warehouse.orders.packing import Flaw, Place, Scan, codes_of, missing_units, place
from warehouse.orders.weighing import Expected, Goods, expected

CODES = codes_of(sku="HJ-001", gtin="6901234567892")
PLACES = [Place(1, CODES, "L1", 2, 0), Place(2, CODES, "L2", 3, 1), Place(3, codes_of(sku="HJ-002", gtin=""), "L1", 1, 0)]


@pytest.mark.row("P7.1")
class TestAScan:
    @pytest.mark.parametrize(
        ("scan", "goes"),
        [
            (Scan("6901234567892", "L1", 2), {1: 2}),
            (Scan("06901234567892", "L1"), {1: 1}),
            (Scan("HJ-001", "L2", 2), {2: 2}),
            (Scan("HJ-002", "L1"), {3: 1}),
            (Scan("HJ-003", "L1"), Flaw.WRONG_PRODUCT),
            (Scan("16901234567899", "L1"), Flaw.WRONG_PRODUCT),
            (Scan("HJ-001", "L3"), Flaw.WRONG_LOT),
            (Scan("HJ-002", "L2"), Flaw.WRONG_LOT),
            (Scan("HJ-001", "L2", 3), Flaw.WRONG_QUANTITY),
        ],
    )
    def test_goes_where_it_belongs_or_says_what_is_wrong(self, scan: Scan, goes: object) -> None:
        assert place(scan, PLACES) == goes

    def test_fills_two_lines_of_one_lot_one_after_the_other(self) -> None:
        lines = [Place(1, CODES, "L1", 1, 0), Place(2, CODES, "L1", 2, 0)]

        assert place(Scan("HJ-001", "L1", 3), lines) == {1: 1, 2: 2}
        assert missing_units(lines) == 3

    def test_of_a_full_place_is_one_too_many(self) -> None:
        assert place(Scan("HJ-001", "L1"), [Place(1, CODES, "L1", 1, 1)]) == Flaw.WRONG_QUANTITY


class TestTheWeight:
    """Tolerance 2026-11: gross 5 % and 20 g, net twice and 30 g, box 20 % and 200 g on top."""

    @pytest.mark.row("P7.3")
    @pytest.mark.parametrize(
        ("goods", "grams", "lowest", "highest"),
        [
            ([Goods(2, 150), Goods(1, 40)], 340, 303, 645),
            ([Goods(2, 150), Goods(1, None, 40)], 340, 293, 978),
            ([Goods(1, 10)], 10, 1, 233),
        ],
    )
    def test_is_that_of_the_goods_with_room_for_a_box(self, goods: list[Goods], grams: int, lowest: int, highest: int) -> None:
        found = expected(goods)

        assert found == Expected(grams, lowest, highest, "2026-11")
        assert [found.holds(one) for one in (lowest - 1, lowest, highest, highest + 1)] == [False, True, True, False]

    def test_is_unknown_when_one_is(self) -> None:
        assert (expected([Goods(2, 150), Goods(1)]), expected([])) == (None, None)


class TestClocks:
    def test_that_run_backwards_are_named(self) -> None:
        later = NOON + timedelta(hours=1)

        assert clock_flags(ordered_at=NOON, paid_at=NOON, ship_by=later, promised_at=later) == []
        assert clock_flags(ordered_at=later, paid_at=NOON, ship_by=later, promised_at=later) == [ClockFlag.PAID_BEFORE_ORDERED]
        assert clock_flags(ordered_at=NOON, paid_at=later, ship_by=NOON, promised_at=NOON) == [
            ClockFlag.SHIP_BY_BEFORE_PAID,
            ClockFlag.PROMISED_BEFORE_PAID,
        ]
        assert clock_flags(ordered_at=NOON, paid_at=NOON, ship_by=later, promised_at=NOON) == [ClockFlag.PROMISED_BEFORE_SHIP_BY]


class TestAnOrder:
    @pytest.mark.parametrize(
        ("parcels", "is_whole", "state"),
        [
            ([(ParcelState.PICKING, False)], True, OrderState.ALLOCATED),
            ([(ParcelState.PICKING, False)], False, OrderState.SHORT),
            ([], True, OrderState.SHORT),
            ([(ParcelState.CANCELLED, False)], False, OrderState.SHORT),
            ([(ParcelState.CHECKED, False), (ParcelState.PACKED, False)], True, OrderState.PACKED),
            ([(ParcelState.HANDED_OVER, True), (ParcelState.PICKING, False)], True, OrderState.ALLOCATED),
            ([(ParcelState.HANDED_OVER, True), (ParcelState.HANDED_OVER, False)], True, OrderState.SHIPPED),
            ([(ParcelState.HANDED_OVER, True), (ParcelState.CANCELLED, False)], True, OrderState.DELIVERED),
        ],
    )
    def test_is_as_far_as_its_last_parcel(self, parcels: list[tuple[ParcelState, bool]], is_whole: bool, state: OrderState) -> None:
        assert state_by_parcels(parcels, is_whole=is_whole) == state
