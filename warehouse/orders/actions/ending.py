"""Call orders off, and free the goods of parcels that will not leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.gates.actions import NoReason
from assurance.refusals import Refused, WrongState, at_place
from assurance.roles import Kind
from warehouse.orders.actions.locking import (
    Step,
    check_parcel,
    in_turn,
    latest_of,
    lock_orders,
    lock_parcels,
    move_orders_on,
    tell_of_parcels,
)
from warehouse.orders.actions.weighing import reopen_weights
from warehouse.orders.lifecycle import NEXT, UNDER_WAY, AllocationState, OrderState, ParcelState
from warehouse.orders.models import Allocation, Order, OrderLine, Parcel
from warehouse.stock.actions import lock_lots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class OthersGoods(Refused):
    code = "others_goods"
    status = 403
    message = _("This order holds goods of other merchants too. Only the platform can cancel it.")


class AlreadyLeft(Refused):
    code = "already_left"
    message = _("A parcel of order %(number)s was handed over already. What comes back is a return.")


@transaction.atomic
def cancel(items: Sequence[Step], *, reason: str, actor: User, at: datetime) -> list[Order]:
    """Call whole orders off before anything of them left, and free their goods. What is cancelled stays as it is.

    :raises OthersGoods, AlreadyLeft, WrongState: with the place of the order; nothing is kept
    :raises NoReason: without a reason
    """
    if not reason.strip():
        raise NoReason(field="reason")
    orders = lock_orders(step.pk for step in items)
    in_turn([step.pk for step in items], orders)
    parcels = list(Parcel.objects.select_for_update(of=("self",)).filter(order_id__in=orders).order_by("id"))
    left = {one.order_id for one in parcels if one.state == ParcelState.HANDED_OVER}
    _check_owner(items, actor)
    moments = {step.pk: step.at or at for step in items}
    ended, news = [], []
    for place, step in enumerate(items):
        order = orders[step.pk]
        if order.state == OrderState.CANCELLED:
            continue
        with at_place(place):
            if order.pk in left:
                raise AlreadyLeft(number=order.number)
            if OrderState.CANCELLED not in NEXT[OrderState(order.state)]:
                raise WrongState(state=order.get_state_display())
        changes = change(order, state=OrderState.CANCELLED, cancelled_at=moments[order.pk], cancel_reason=reason)
        ended.append(order)
        news.append(
            News("warehouse.order.cancelled", order, changes, moments[order.pk], step.actor or actor, {"order_id": order.pk}, reason)
        )
    going = {order.pk for order in ended}
    _free([one for one in parcels if one.order_id in going and one.state in UNDER_WAY], moments, reason=reason, actor=actor)
    update_each(ended, ["state", "cancelled_at", "cancel_reason"])
    announce_each(news)
    return [orders[step.pk] for step in items]


@transaction.atomic
def cancel_parcels(items: Sequence[Step], *, reason: str, actor: User, at: datetime) -> list[Parcel]:
    """Give up parcels whose goods cannot leave and free these; their orders wait for stock again.

    :raises WrongState, OtherWarehouse: with the place of the parcel; nothing is kept
    :raises NoReason: without a reason
    """
    if not reason.strip():
        raise NoReason(field="reason")
    parcels = lock_parcels(step.pk for step in items)
    in_turn([step.pk for step in items], parcels)
    for place, step in enumerate(items):
        check_parcel(parcels[step.pk], *UNDER_WAY, place=place, actor=step.actor or actor)
    moments = latest_of([(parcels[step.pk].order_id, step.at or at) for step in items])
    _free(list(parcels.values()), moments, reason=reason, actor=actor)
    move_orders_on({one.order_id: one.order for one in parcels.values()}, moments=moments, actor=actor)
    return [parcels[step.pk] for step in items]


def _free(parcels: Sequence[Parcel], moments: Mapping[int, datetime], *, reason: str, actor: User) -> None:
    """Cancel locked parcels and free what was promised to them; ``moments`` by order."""
    standing = Allocation.objects.filter(parcel__in=parcels).standing()
    lock_lots(standing.values_list("lot_id", flat=True))
    told = [
        (one, change(one, state=ParcelState.CANCELLED, cancelled_at=moments[one.order_id], sealed_at=None), moments[one.order_id], actor)
        for one in parcels
    ]
    update_each(parcels, ["state", "cancelled_at", "sealed_at"])
    standing.update(state=AllocationState.FREED)
    reopen_weights(told, reason=reason)
    tell_of_parcels("warehouse.parcel.cancelled", told, reason=reason)


def _check_owner(items: Sequence[Step], actor: User) -> None:
    if actor.organisation_kind != Kind.MERCHANT:
        return
    foreign = OrderLine.objects.filter(order_id__in=[step.pk for step in items]).exclude(merchant_id=actor.organisation_id)
    others = set(foreign.values_list("order_id", flat=True))
    for place, step in enumerate(items):
        if step.pk in others:
            with at_place(place):
                raise OthersGoods
