"""What the steps of orders and parcels share: who is locked in which order, and how an order follows its parcels.

Everybody locks orders, then parcels, then lots, each by ascending number, then passes the gates: nobody waits in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.refusals import Refused, WrongState, at_place
from assurance.roles import Kind
from warehouse.orders.lifecycle import OrderState, ParcelState, state_by_parcels
from warehouse.orders.models import Order, OrderLine, Parcel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("This parcel stands in another warehouse.")


class NamedTwice(Refused):
    code = "named_twice"
    status = 422
    message = _("The same one is named twice.")


class NotThere(Refused):
    code = "not_found"
    status = 404
    message = _("There is no such parcel or order.")


@dataclass(frozen=True, slots=True)
class Step:
    """One order or parcel. ``at`` and ``actor``, where given, stand instead of those of the call."""

    pk: int
    at: datetime | None = None
    actor: User | None = None


def lock_orders(order_ids: Iterable[int]) -> dict[int, Order]:
    """Return the orders by number, held until the transaction ends."""
    found = Order.objects.select_for_update(of=("self",)).filter(pk__in=set(order_ids)).order_by("id")
    return {order.pk: order for order in found}


def lock_parcels(parcel_ids: Iterable[int]) -> dict[int, Parcel]:
    """Return the parcels by number with their orders, all held until the transaction ends."""
    numbers = set(parcel_ids)
    orders = lock_orders(Parcel.objects.filter(pk__in=numbers).values_list("order_id", flat=True))
    found = Parcel.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("id")
    parcels = {parcel.pk: parcel for parcel in found}
    for parcel in parcels.values():
        parcel.order = orders[parcel.order_id]
    return parcels


def in_turn(keys: Sequence[int], found: Mapping[int, object]) -> None:
    """:raises NotThere, NamedTwice: with the place of the first key that is wrong"""
    seen: set[int] = set()
    for place, key in enumerate(keys):
        with at_place(place):
            if key not in found:
                raise NotThere
            if key in seen:
                raise NamedTwice
        seen.add(key)


def check_parcel(parcel: Parcel, *states: ParcelState, place: int, actor: User | None) -> None:
    """:raises OtherWarehouse: if the actor works in another warehouse

    :raises WrongState: if the parcel is in none of these states
    """
    with at_place(place):
        if actor is not None and actor.organisation_kind == Kind.WAREHOUSE and actor.organisation_id != parcel.warehouse_id:
            raise OtherWarehouse
        if parcel.state not in states:
            raise WrongState(state=parcel.get_state_display())


def tell_of_parcels(kind: str, told: Iterable[tuple[Parcel, Changes, datetime, User | None]], *, reason: str = "") -> None:
    """Announce one thing of many parcels."""
    announce_each(
        [
            News(kind, parcel, changes, at, actor, {"parcel_id": parcel.pk, "order_id": parcel.order_id}, reason)
            for parcel, changes, at, actor in told
        ]
    )


def move_orders_on(orders: Mapping[int, Order], *, moments: Mapping[int, datetime], actor: User | None) -> None:
    """Let locked orders stand as their parcels do; five queries at most a state, whatever their number. ``moments`` by order."""
    parcels = defaultdict(list)
    for order_id, state, delivered_at in Parcel.objects.filter(order_id__in=orders).values_list("order_id", "state", "delivered_at"):
        parcels[order_id].append((ParcelState(state), delivered_at is not None))
    waiting = set(OrderLine.objects.filter(order_id__in=orders, allocated__lt=F("quantity")).values_list("order_id", flat=True))
    becomes = {pk: state_by_parcels(parcels[pk], is_whole=pk not in waiting) for pk in orders}
    set_states({orders[pk]: state for pk, state in becomes.items()}, moments=moments, actor=actor)


def set_states(becomes: Mapping[Order, OrderState], *, moments: Mapping[int, datetime], actor: User | None) -> None:
    """Write the states of orders that change and tell of each as ``warehouse.order.<state>``."""
    by_state: dict[OrderState, list[int]] = defaultdict(list)
    news = []
    for order, state in becomes.items():
        if order.state != state:
            changes = change(order, state=state)
            by_state[state].append(order.pk)
            news.append(News(f"warehouse.order.{state}", order, changes, moments[order.pk], actor, {"order_id": order.pk}))
    for state, pks in by_state.items():
        Order.objects.filter(pk__in=pks).update(state=state)
    announce_each(news)


def latest_of(orders_at: Collection[tuple[int, datetime]]) -> dict[int, datetime]:
    """Return the latest moment of each order."""
    moments: dict[int, datetime] = {}
    for order_id, at in orders_at:
        moments[order_id] = max(at, moments.get(order_id, at))
    return moments
