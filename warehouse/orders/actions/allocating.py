"""Promise goods to orders: the earliest expiry first, nothing that is stopped or too old, nothing twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from assurance.calendar import SHANGHAI
from assurance.gates.actions import hold_gates
from warehouse.orders.actions.locking import Step, in_turn, lock_orders, set_states, tell_of_parcels
from warehouse.orders.lifecycle import WAITING, OrderState, ParcelState, state_by_parcels
from warehouse.orders.models import Allocation, Order, OrderLine, Parcel
from warehouse.stock.actions import lock_lots
from warehouse.stock.custody import Custody
from warehouse.stock.fefo import Candidate, Take, Wish, fill_from_one_place, is_fresh
from warehouse.stock.models import Lot, StockBalance
from warehouse.stock.queries import LifeRules, as_candidate, available

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes
    from assurance.gates.models import Stop
    from warehouse.stock.queries import Least


@dataclass(frozen=True, slots=True)
class Filled:
    """All lines of one merchant in one order, and which lots they take: one parcel."""

    order: Order
    lines: list[OrderLine]
    takes: list[Take]
    rules: Mapping[int, int | None]
    at: datetime


@transaction.atomic
def allocate(items: Sequence[Step | int], *, actor: User | None, at: datetime) -> list[Order]:
    """Promise goods to orders that wait for them, in the order they were paid, and make one parcel per merchant.

    Who finds no stock becomes or stays ``short``; who waits for nothing is left alone. A merchant's lines of an order are filled
    whole and from one warehouse, or not at all. A dozen queries, whatever the number.
    """
    steps = [one if isinstance(one, Step) else Step(one) for one in items]
    orders = lock_orders(step.pk for step in steps)
    in_turn([step.pk for step in steps], orders)
    moments = {step.pk: step.at or at for step in steps}
    waiting = sorted((one for one in orders.values() if one.state in WAITING), key=lambda one: (one.paid_at, one.pk))
    if waiting:
        groups = _groups(waiting)
        pool = _Pool.of({line.product_id for lines in groups.values() for line in lines}, at=at)
        filled = [
            Filled(orders[order_id], lines, takes, pool.rules_of(orders[order_id], takes), moments[order_id])
            for (order_id, _), lines in groups.items()
            if (takes := pool.fill(orders[order_id], lines, at=moments[order_id])) is not None
        ]
        _write(filled, pool.lots, actor=actor)
        _follow(waiting, groups, filled, moments=moments, actor=actor)
    return [orders[step.pk] for step in steps]


def _groups(waiting: Sequence[Order]) -> dict[tuple[int, int], list[OrderLine]]:
    """Return the unfilled lines by order and merchant, in the order of the orders."""
    found: dict[tuple[int, int], list[OrderLine]] = defaultdict(list)
    lines = OrderLine.objects.filter(order_id__in=[one.pk for one in waiting], allocated__lt=F("quantity")).order_by("number", "id")
    by_order: dict[int, list[OrderLine]] = defaultdict(list)
    for line in lines:
        by_order[line.order_id].append(line)
    for order in waiting:
        for line in by_order[order.pk]:
            found[order.pk, line.merchant_id].append(line)
    return found


@dataclass(slots=True)
class _Pool:
    """The lots that could be taken, locked, with what is left of them in this round."""

    lots: dict[int, Lot]
    by_product: dict[int, list[Candidate]]
    by_lot: dict[int, Candidate]
    left: dict[int, int]
    stops: list[Stop]
    life: LifeRules

    @classmethod
    def of(cls, product_ids: set[int], *, at: datetime) -> _Pool:
        stocked = StockBalance.objects.filter(custody=Custody.RELEASED, quantity__gt=F("reserved"), lot__product_id__in=product_ids)
        lots = lock_lots(stocked.values_list("lot_id", flat=True))
        units = available(lots)
        left = {pk: units.get((pk, Custody.RELEASED), 0) for pk in lots}
        by_product: dict[int, list[Candidate]] = defaultdict(list)
        by_lot = {lot.pk: as_candidate(lot, left[lot.pk]) for lot in lots.values()}
        for one in by_lot.values():
            by_product[one.product_id].append(one)
        stops = hold_gates({lot.merchant_id for lot in lots.values()}, at=at)
        return cls(lots, by_product, by_lot, left, stops, LifeRules.of("sell", day=at.astimezone(SHANGHAI).date()))

    def fill(self, order: Order, lines: Sequence[OrderLine], *, at: datetime) -> list[Take] | None:
        day, promised = at.astimezone(SHANGHAI).date(), order.promised_at.astimezone(SHANGHAI).date()
        usable = [
            lot
            for product_id in {line.product_id for line in lines}
            for lot in self.by_product[product_id]
            if self.left[lot.lot_id]
            and is_fresh(lot, day=day, promised=promised, least=self._least(order, lot).days)
            and not self._is_stopped(lot)
        ]
        return fill_from_one_place([Wish(line.pk, line.product_id, line.missing) for line in lines], usable, left=self.left)

    def rules_of(self, order: Order, takes: Sequence[Take]) -> dict[int, int | None]:
        """Return which rule said that a lot is fresh enough, by lot."""
        return {take.lot_id: self._least(order, self.by_lot[take.lot_id]).rule_id for take in takes}

    def _least(self, order: Order, lot: Candidate) -> Least:
        category = self.lots[lot.lot_id].product.category
        return self.life.least(category, channel=order.source, life=lot.shelf_life_days)

    def _is_stopped(self, lot: Candidate) -> bool:
        row = self.lots[lot.lot_id]
        goods = {"product_id": row.product_id, "warehouse_id": row.warehouse_id, "lot_id": row.pk}
        return any(stop.covers(merchant_id=row.merchant_id, **goods) for stop in self.stops)


def _write(filled: Sequence[Filled], lots: Mapping[int, Lot], *, actor: User | None) -> None:
    parcels = Parcel.objects.bulk_create(
        Parcel(
            order=one.order,
            merchant_id=one.lines[0].merchant_id,
            warehouse_id=lots[one.takes[0].lot_id].warehouse_id,
            ship_by=one.order.ship_by,
            created_at=one.at,
        )
        for one in filled
    )
    Allocation.objects.bulk_create(
        Allocation(
            order=one.order,
            line_id=take.key,
            parcel=parcel,
            merchant_id=parcel.merchant_id,
            warehouse_id=parcel.warehouse_id,
            product_id=lots[take.lot_id].product_id,
            lot_id=take.lot_id,
            quantity=take.quantity,
            at=one.at,
            life_rule_id=one.rules[take.lot_id],
        )
        for one, parcel in zip(filled, parcels, strict=True)
        for take in one.takes
    )
    told: list[tuple[Parcel, Changes, datetime, User | None]] = [
        (parcel, {"state": [None, parcel.state], "lots": [None, sorted({take.lot_id for take in one.takes})]}, one.at, actor)
        for one, parcel in zip(filled, parcels, strict=True)
    ]
    tell_of_parcels("warehouse.parcel.created", told)


def _follow(
    waiting: Sequence[Order],
    groups: Mapping[tuple[int, int], list[OrderLine]],
    filled: Sequence[Filled],
    *,
    moments: Mapping[int, datetime],
    actor: User | None,
) -> None:
    wanted = Counter(order_id for order_id, _merchant in groups)
    got = Counter(one.order.pk for one in filled)
    becomes = {
        one: state_by_parcels([(ParcelState.PICKING, False)], is_whole=True) if got[one.pk] == wanted[one.pk] else OrderState.SHORT
        for one in waiting
    }
    set_states(becomes, moments=moments, actor=actor)
