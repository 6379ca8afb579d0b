"""The earliest expiry goes first, and nothing goes that will be too old when it arrives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from warehouse.stock.fefo import Candidate, Take, Wish, expires, fill, fill_from_one_place, in_order, is_fresh, least_days_left
from warehouse.stock.remaining import Limit, choose

DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
PRODUCT, OTHER = 7, 8


def lot(
    number: int, *, expires: date | None = date(2028, 1, 1), received: int = 0, units: int = 10, place: int = 1, product: int = PRODUCT
) -> Candidate:
    return Candidate(number, place, product, expires, AT + timedelta(days=received), units)


def left(*lots: Candidate) -> dict[int, int]:
    return {one.lot_id: one.available for one in lots}


@pytest.mark.row("P6.1")
class TestTheOrder:
    def test_is_by_expiry_then_receipt_then_number(self) -> None:
        late, early, undated = lot(1, expires=date(2028, 5, 1)), lot(2, expires=date(2027, 5, 1)), lot(3, expires=None)
        second, first, twin = lot(4, received=2), lot(5, received=1), lot(6, received=1)

        assert [one.lot_id for one in in_order([undated, late, second, twin, first, early])] == [2, 5, 6, 4, 1, 3]


@pytest.mark.row("P6.1")
class TestFreshness:
    @pytest.mark.parametrize(
        ("shelf_life", "days"),
        [(None, 0), (730, 45), (365, 45), (364, 20), (180, 20), (179, 15), (90, 15), (89, 10), (30, 10), (29, 5), (16, 5), (15, 1), (1, 1)],
    )
    def test_leaves_so_many_days(self, shelf_life: int | None, days: int) -> None:
        assert least_days_left(shelf_life) == days

    @pytest.mark.parametrize(
        ("expires", "promised", "is_so"),
        [
            (DAY + timedelta(days=50), DAY + timedelta(days=5), True),
            (DAY + timedelta(days=49), DAY + timedelta(days=5), False),
            (DAY + timedelta(days=45), DAY - timedelta(days=30), True),
            (DAY + timedelta(days=44), DAY - timedelta(days=30), False),
            (None, DAY, False),
        ],
    )
    def test_counts_from_the_promised_day_or_from_today(self, expires: date | None, promised: date, is_so: bool) -> None:
        candidate = Candidate(1, 1, PRODUCT, expires, AT, 10, shelf_life_days=730)

        assert is_fresh(candidate, day=DAY, promised=promised) is is_so

    def test_of_goods_without_a_stated_life_ends_with_their_last_day(self) -> None:
        assert is_fresh(lot(1, expires=DAY), day=DAY, promised=DAY)
        assert not is_fresh(lot(1, expires=DAY - timedelta(days=1)), day=DAY, promised=DAY)


@pytest.mark.row("P6.1")
class TestADateNobodyFilledIn:
    """A peer sorted lots without a date to the front and sold them first."""

    def test_is_counted_from_production_or_else_unknown(self) -> None:
        made = DAY - timedelta(days=100)

        assert expires(expiry_date=None, produced_date=made, shelf_life_days=365) == made + timedelta(days=365)
        assert expires(expiry_date=DAY, produced_date=made, shelf_life_days=365) == DAY
        assert expires(expiry_date=None, produced_date=None, shelf_life_days=365) is None
        assert expires(expiry_date=None, produced_date=made, shelf_life_days=None) is None

    def test_never_makes_goods_go_first_nor_goods_that_can_expire_go_at_all(self) -> None:
        dated, undated = lot(1, expires=date(2030, 1, 1)), lot(2, expires=None, received=-30)

        assert fill([Wish(70, PRODUCT, 3)], [undated, dated], left=left(dated, undated)) == [Take(70, 1, 3)]
        assert is_fresh(undated, day=DAY, promised=DAY)
        assert not is_fresh(replace(undated, shelf_life_days=365), day=DAY, promised=DAY)


@pytest.mark.row("P6.2")
class TestTheRuleThatCounts:
    def limit(self, key: int, category: int | None = None, channel: str = "", *, days: int = 30, begun: int = 10) -> Limit:
        return Limit(key, category, channel, days, None, DAY - timedelta(days=begun))

    def chosen(self, *limits: Limit, channel: str = "douyin") -> int | None:
        found = choose(limits, categories=(5, 4), channel=channel, day=DAY)
        return found.key if found else None

    def test_is_that_of_the_nearest_category_then_of_the_channel_then_the_latest(self) -> None:
        every, own, above = self.limit(1), self.limit(2, 5), self.limit(3, 4, "douyin")
        own_here = self.limit(4, 5, "douyin")

        assert self.chosen(every, above) == 3
        assert self.chosen(every, above, own) == 2
        assert self.chosen(every, above, own, own_here) == 4
        assert self.chosen(every, above, own, own_here, channel="kuaishou") == 2
        assert self.chosen(own, self.limit(9, 5, begun=2), self.limit(8, 5, begun=-1)) == 9
        assert self.chosen(self.limit(7, 6), self.limit(8, None, "taobao")) is None

    def test_is_days_or_a_share_of_the_life_if_that_is_less(self) -> None:
        rule = replace(self.limit(1, days=60), share=Fraction(1, 10))

        assert [rule.days_left(life) for life in (None, 1000, 600, 365, 9)] == [60, 60, 60, 37, 1]


@pytest.mark.row("P6.1")
class TestFilling:
    def test_empties_the_first_lot_before_the_next(self) -> None:
        lots = [lot(1, expires=date(2028, 1, 1)), lot(2, expires=date(2027, 1, 1), units=4)]
        kept = left(*lots)

        assert fill([Wish(70, PRODUCT, 6)], lots, left=kept) == [Take(70, 2, 4), Take(70, 1, 2)]
        assert kept == {1: 8, 2: 0}

    def test_takes_nothing_when_one_wish_stays_open(self) -> None:
        lots = [lot(1), lot(2, product=OTHER, units=1)]
        kept = left(*lots)

        assert fill([Wish(70, PRODUCT, 6), Wish(71, OTHER, 2)], lots, left=kept) is None
        assert kept == {1: 10, 2: 1}

    def test_of_two_lines_of_one_product_shares_the_lot(self) -> None:
        lots = [lot(1, units=3)]

        assert fill([Wish(70, PRODUCT, 2), Wish(71, PRODUCT, 1)], lots, left=left(*lots)) == [Take(70, 1, 2), Take(71, 1, 1)]

    def test_stays_in_one_warehouse(self) -> None:
        here, there = lot(1, expires=date(2027, 1, 1), units=2, place=1), lot(2, expires=date(2028, 1, 1), units=9, place=2)
        kept = left(here, there)

        assert fill_from_one_place([Wish(70, PRODUCT, 5)], [here, there], left=kept) == [Take(70, 2, 5)]
        assert fill_from_one_place([Wish(71, PRODUCT, 5)], [here, there], left=kept) is None
