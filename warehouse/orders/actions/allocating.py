"""Promise goods to orders: the earliest expiry first, nothing that is stopped or too old, nothing twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from assurance.inserting import insert_all
from warehouse.orders.actions.choosing import choose
from warehouse.orders.actions.locking import Step, in_turn, lock_orders, set_states, tell_of_parcels
from warehouse.orders.lifecycle import WAITING, OrderState, ParcelState, state_by_parcels
from warehouse.orders.models import Allocation, Order, OrderLine, Parcel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes
    from warehouse.orders.actions.choosing import Filled


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
        filled = choose(groups, orders, moments=moments, at=at)
        _write(filled, actor=actor)
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


def _write(filled: Sequence[Filled], *, actor: User | None) -> None:
    parcels = insert_all(
        [
            Parcel(
                order=one.order,
                merchant_id=one.lines[0].merchant_id,
                warehouse_id=one.warehouse_id,
                ship_by=one.order.ship_by,
                created_at=one.at,
            )
            for one in filled
        ]
    )
    insert_all(
        [
            Allocation(
                order=one.order,
                line_id=take.key,
                parcel=parcel,
                merchant_id=parcel.merchant_id,
                warehouse_id=parcel.warehouse_id,
                product_id=one.products[take.lot_id],
                lot_id=take.lot_id,
                quantity=take.quantity,
                at=one.at,
                life_rule_id=one.rules[take.lot_id],
            )
            for one, parcel in zip(filled, parcels, strict=True)
            for take in one.takes
        ]
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
