"""Take another lot than the one proposed: never a worse one without anybody saying why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.gates.actions import Passing, pass_gates
from assurance.refusals import Refused
from warehouse.orders.actions.locking import check_parcel, in_turn, lock_parcels, tell_of_parcels
from warehouse.orders.lifecycle import AllocationState, ParcelState
from warehouse.orders.models import Allocation, Parcel, ParcelItem
from warehouse.stock.actions import fetch_from_bins, lock_lots
from warehouse.stock.custody import Custody
from warehouse.stock.fefo import is_fresh
from warehouse.stock.queries import LifeRules, as_candidate, available

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes
    from warehouse.stock.models import Lot


class NotProposed(Refused):
    code = "not_proposed"
    status = 404
    message = _("This parcel was not proposed that lot.")


class PackedAlready(Refused):
    code = "packed_already"
    message = _("Units of lot %(lot)s are in the parcel already. Take them out first.")


class OtherGoods(Refused):
    code = "other_goods"
    status = 422
    message = _("Lot %(lot)s is not of the same product in the same warehouse.")


class TooShortLived(Refused):
    code = "too_short_lived"
    message = _("Lot %(lot)s has not enough life left for the day promised to the buyer.")


class NotFree(Refused):
    code = "not_free"
    message = _("Only %(there)s units of lot %(lot)s are free, %(asked)s are needed.")


class ReasonNeeded(Refused):
    code = "reason_needed"
    status = 422
    message = _("Lot %(lot)s expires later than the one proposed. Say why you take it.")


@transaction.atomic
def take_other_lot(
    *, parcel_id: int, allocation_id: int, lot_id: int, actor: User, at: datetime, reason: str = "", quantity: int | None = None
) -> Parcel:
    """Fill a parcel that is being picked from another lot, wholly or as far as ``quantity`` says.

    One that expires no later needs no reason. The lot left lying is free again.

    :raises OtherWarehouse, WrongState: the parcel is not being picked here
    :raises NotProposed, PackedAlready, OtherGoods, TooShortLived, NotFree, ReasonNeeded: nothing is kept
    :raises Stopped: if a stop covers the other lot
    """
    parcels = lock_parcels([parcel_id])
    in_turn([parcel_id], parcels)
    parcel = parcels[parcel_id]
    check_parcel(parcel, ParcelState.PICKING, place=0, actor=actor)
    old = Allocation.objects.filter(parcel=parcel, pk=allocation_id).standing().first()
    if old is None:
        raise NotProposed
    units = old.quantity if quantity is None else quantity
    lots = lock_lots([old.lot_id, lot_id])
    other = lots.get(lot_id)
    _check_goods(old, other, lots[old.lot_id], units)
    assert other is not None
    rule_id = _check_fresh(parcel, other, at=at)
    pass_gates([Passing(other.merchant_id, other.product_id, other.warehouse_id, other.pk)], at=at)
    if _ends(other) > _ends(lots[old.lot_id]) and not reason:
        raise ReasonNeeded(field="reason", lot=other.number)
    Allocation.objects.filter(pk=old.pk).update(state=AllocationState.FREED)
    _replace(old, other.pk, units, at=at, reason=reason, rule_id=rule_id)
    if units < old.quantity:
        _replace(old, old.lot_id, old.quantity - units, at=at, reason="", rule_id=old.life_rule_id)
    if old.state == AllocationState.PICKED:
        fetch_from_bins({other.pk: units}, reference=f"swap:{old.pk}", actor=actor, at=at)
    changes: Changes = {"lot": [old.lot_id, other.pk], "quantity": [old.quantity, units], "swap_reason": [None, reason]}
    tell_of_parcels("warehouse.parcel.other_lot", [(parcel, changes, at, actor)])
    return parcel


def _check_goods(old: Allocation, other: Lot | None, proposed: Lot, units: int) -> None:
    if ParcelItem.objects.filter(allocation=old, quantity__gt=0).exists():
        raise PackedAlready(lot=proposed.number)
    if other is None or other.pk == proposed.pk or (other.product_id, other.warehouse_id) != (proposed.product_id, proposed.warehouse_id):
        raise OtherGoods(field="lot", lot=other.number if other else "–")
    free = available([other.pk]).get((other.pk, Custody.RELEASED), 0)
    if units > old.quantity or free < units:
        raise NotFree(field="quantity", there=min(free, old.quantity), lot=other.number, asked=units)


def _check_fresh(parcel: Parcel, other: Lot, *, at: datetime) -> int | None:
    """Return the rule that says the lot is fresh enough on the day promised."""
    day, promised = at.astimezone(SHANGHAI).date(), parcel.order.promised_at.astimezone(SHANGHAI).date()
    seen = as_candidate(other, 0)
    least = LifeRules.of("sell", day=day).least(other.product.category, channel=parcel.order.source, life=seen.shelf_life_days)
    if not is_fresh(seen, day=day, promised=promised, least=least.days):
        raise TooShortLived(field="lot", lot=other.number)
    return least.rule_id


def _ends(lot: Lot) -> tuple[bool, str]:
    """Lots without an expiry date come last, as in allocation."""
    return lot.expiry_date is None, lot.expiry_date.isoformat() if lot.expiry_date else ""


def _replace(old: Allocation, lot_id: int, units: int, *, at: datetime, reason: str, rule_id: int | None) -> None:
    Allocation.objects.create(
        order_id=old.order_id,
        line_id=old.line_id,
        parcel_id=old.parcel_id,
        merchant_id=old.merchant_id,
        warehouse_id=old.warehouse_id,
        product_id=old.product_id,
        lot_id=lot_id,
        quantity=units,
        state=old.state,
        at=at,
        life_rule_id=rule_id,
        replaces=old,
        swap_reason=reason,
    )
