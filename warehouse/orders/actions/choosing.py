"""Choose the lots of a round of orders and hold exactly these: who wants others does not wait for us."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction

from assurance.calendar import SHANGHAI
from assurance.gates.actions import hold_gates
from assurance.gates.queries import stops_of
from warehouse.stock.actions import hold_lots
from warehouse.stock.custody import Custody
from warehouse.stock.fefo import Candidate, Take, Wish, fill_from_one_place, in_order, is_fresh
from warehouse.stock.queries import ALL, LifeRules, available, free_lots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.gates.models import Stop
    from warehouse.orders.models import Order, OrderLine
    from warehouse.stock.queries import Free, Least

LOOKED_AT: Final = 8
"""Lots of a product that are looked at first; only where these do not settle the choice, all."""
TRIES: Final = 3
"""How often lots are chosen before they are held; then all that could be taken are held first."""


@dataclass(frozen=True, slots=True)
class Filled:
    """All lines of one merchant in one order, and which lots they take: one parcel."""

    order: Order
    lines: list[OrderLine]
    takes: list[Take]
    warehouse_id: int
    products: Mapping[int, int]
    """By lot."""
    rules: Mapping[int, int | None]
    """Which rule said that a lot is fresh enough, by lot."""
    at: datetime


class _TakenMeanwhile(Exception):
    """Others took what was chosen, or a stop came over it, before it was held."""


class _TooFew(Exception):
    """Lots that were not looked at could be chosen rather."""


Groups = dict[tuple[int, int], "list[OrderLine]"]


def choose(groups: Groups, orders: Mapping[int, Order], *, moments: Mapping[int, datetime], at: datetime) -> list[Filled]:
    """Return which lots fill which lines; these lots and their merchants' gates are held until the transaction ends.

    ``groups`` are the unfilled lines by order and merchant; who comes first chooses first. What was chosen is counted again once it
    is held: lots that others have taken meanwhile are let go of, and chosen anew. A dozen queries, whatever the number.
    """
    round_ = _Round(groups, orders, moments, at)
    for _ in range(TRIES):
        try:
            with transaction.atomic():  # what is held for nothing is let go of when it is left
                return round_.play()
        except _TakenMeanwhile:
            continue
    return round_.play(holding_all=True)


@dataclass(frozen=True, slots=True)
class _Round:
    groups: Groups
    orders: Mapping[int, Order]
    moments: Mapping[int, datetime]
    at: datetime

    def play(self, *, holding_all: bool = False) -> list[Filled]:
        if holding_all:
            hold_lots(lot.lot_id for lots in self._free().by_product.values() for lot in lots)
            hold_gates(self._merchants(), at=self.at)
        life = LifeRules.of("sell", day=self.at.astimezone(SHANGHAI).date())
        pool = _Pool(self._free(most=LOOKED_AT), stops_of(self._merchants(), at=self.at), life)
        try:
            filled = self._fill(pool)
        except _TooFew:
            pool = _Pool(self._free(), pool.stops, life)
            filled = self._fill(pool)
        self._hold(filled, pool)
        return filled

    def _free(self, *, most: int = ALL) -> Free:
        products = {line.product_id for lines in self.groups.values() for line in lines}
        return free_lots(products, day=min(self.moments.values()).astimezone(SHANGHAI).date(), most=most)

    def _merchants(self) -> set[int]:
        return {merchant_id for _, merchant_id in self.groups}

    def _fill(self, pool: _Pool) -> list[Filled]:
        """:raises _TooFew: if more lots must be looked at"""
        return [
            one
            for (order_id, _), lines in self.groups.items()
            if (one := pool.fill(self.orders[order_id], lines, at=self.moments[order_id])) is not None
        ]

    def _hold(self, filled: Sequence[Filled], pool: _Pool) -> None:
        """:raises _TakenMeanwhile: if less is there than was chosen, or a stop covers it by now"""
        if not filled:
            return
        taken: Counter[int] = Counter()
        for one in filled:
            for take in one.takes:
                taken[take.lot_id] += take.quantity
        hold_lots(taken)
        stops = hold_gates({one.lines[0].merchant_id for one in filled}, at=self.at)
        there = available(taken)
        if any(there.get((lot_id, Custody.RELEASED), 0) < units for lot_id, units in taken.items()):
            raise _TakenMeanwhile
        if {stop.pk for stop in stops} - {stop.pk for stop in pool.stops}:
            raise _TakenMeanwhile


class _Pool:
    """The lots that could be taken, with what is left of them in this round."""

    def __init__(self, free: Free, stops: Sequence[Stop], life: LifeRules) -> None:
        self.free, self.stops, self.life = free, stops, life
        self.left = {lot.lot_id: lot.available for lots in free.by_product.values() for lot in lots}

    def fill(self, order: Order, lines: Sequence[OrderLine], *, at: datetime) -> Filled | None:
        """Return the lots for one merchant's lines of an order, or nothing; what it takes is left to nobody else.

        :raises _TooFew: if not all lots were looked at, and not the warehouse of the first lot in order fills the lines
        """
        day, promised = at.astimezone(SHANGHAI).date(), order.promised_at.astimezone(SHANGHAI).date()
        merchant_id = lines[0].merchant_id
        usable = {
            lot.lot_id: lot
            for product_id in dict.fromkeys(line.product_id for line in lines)
            for lot in self.free.by_product.get(product_id, ())
            if self.left[lot.lot_id]
            and is_fresh(lot, day=day, promised=promised, least=self._least(order, lot).days)
            and not self._is_stopped(lot, merchant_id)
        }
        wishes = [Wish(line.pk, line.product_id, line.missing) for line in lines]
        takes = fill_from_one_place(wishes, list(usable.values()), left=self.left)
        if not self.free.cut.isdisjoint(line.product_id for line in lines) and (
            takes is None or usable[takes[0].lot_id].warehouse_id != in_order(usable.values())[0].warehouse_id
        ):
            raise _TooFew
        if takes is None:
            return None
        lots = {take.lot_id: usable[take.lot_id] for take in takes}
        return Filled(
            order=order,
            lines=list(lines),
            takes=takes,
            warehouse_id=usable[takes[0].lot_id].warehouse_id,
            products={lot_id: lot.product_id for lot_id, lot in lots.items()},
            rules={lot_id: self._least(order, lot).rule_id for lot_id, lot in lots.items()},
            at=at,
        )

    def _least(self, order: Order, lot: Candidate) -> Least:
        return self.life.least_of(self.free.categories[lot.product_id], channel=order.source, life=lot.shelf_life_days)

    def _is_stopped(self, lot: Candidate, merchant_id: int) -> bool:
        goods = {"product_id": lot.product_id, "warehouse_id": lot.warehouse_id, "lot_id": lot.lot_id}
        return any(stop.covers(merchant_id=merchant_id, **goods) for stop in self.stops)
