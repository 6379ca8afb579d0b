"""Fetch what was promised from its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.changes import change
from assurance.gates.actions import Passing, pass_gates
from assurance.refusals import Refused, at_place
from warehouse.orders.actions.locking import Step, check_parcel, in_turn, lock_parcels, tell_of_parcels
from warehouse.orders.lifecycle import AllocationState, ParcelState
from warehouse.orders.models import Allocation, Parcel
from warehouse.stock.actions import fetch_from_bins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class TakenByAnother(Refused):
    code = "taken_by_another"
    message = _("Somebody else is already picking parcel %(parcel)s.")


@transaction.atomic
def start_picking(items: Sequence[Step], *, actor: User, at: datetime) -> list[Parcel]:
    """Note who fetches the goods of which parcels; again by the same person changes nothing.

    :raises OtherWarehouse, WrongState, TakenByAnother: with the place of the parcel; nothing is kept
    """
    parcels = lock_parcels(step.pk for step in items)
    in_turn([step.pk for step in items], parcels)
    told = []
    for place, step in enumerate(items):
        parcel, who = parcels[step.pk], step.actor or actor
        check_parcel(parcel, ParcelState.PICKING, place=place, actor=who)
        if parcel.picker_id is None:
            told.append((parcel, _begin(parcel, who, step.at or at), step.at or at, who))
        elif parcel.picker_id != who.pk:
            with at_place(place):
                raise TakenByAnother(parcel=parcel.code)
    update_each([one[0] for one in told], ["picker", "picking_at"])
    tell_of_parcels("warehouse.parcel.picking", told)
    return [parcels[step.pk] for step in items]


@transaction.atomic
def pick(items: Sequence[Step], *, actor: User, at: datetime) -> list[Parcel]:
    """Note that the goods of whole parcels were fetched; who had not begun begins at the same moment. Again changes nothing.

    :raises OtherWarehouse, WrongState, TakenByAnother: with the place of the parcel; nothing is kept
    :raises Stopped: if a stop covers one of the lots
    """
    parcels = lock_parcels(step.pk for step in items)
    in_turn([step.pk for step in items], parcels)
    told = []
    for place, step in enumerate(items):
        parcel, who, moment = parcels[step.pk], step.actor or actor, step.at or at
        check_parcel(parcel, ParcelState.PICKING, place=place, actor=who)
        if parcel.picked_at is not None:
            continue
        if parcel.picker_id not in (None, who.pk):
            with at_place(place):
                raise TakenByAnother(parcel=parcel.code)
        changes = _begin(parcel, who, moment) if parcel.picker_id is None else {}
        told.append((parcel, changes | change(parcel, picked_at=moment), moment, who))
    fetched = [one[0] for one in told]
    _to_the_floor(fetched, actor=actor, at=at)
    pass_with_lots(fetched, [step.pk for step in items], at=at)
    update_each(fetched, ["picker", "picking_at", "picked_at"])
    Allocation.objects.filter(parcel__in=fetched, state=AllocationState.OPEN).update(state=AllocationState.PICKED)
    tell_of_parcels("warehouse.parcel.picked", told)
    return [parcels[step.pk] for step in items]


def _to_the_floor(parcels: Sequence[Parcel], *, actor: User, at: datetime) -> None:
    """Take what is fetched out of its bins; two queries where nothing stands in bins."""
    if parcels:
        units = Allocation.objects.filter(parcel__in=parcels).standing().order_by().values("lot_id").annotate(units=Sum("quantity"))
        wanted = {row["lot_id"]: row["units"] for row in units}
        fetch_from_bins(wanted, reference=f"pick:{parcels[0].pk}", actor=actor, at=at)


def pass_with_lots(parcels: Sequence[Parcel], order_of_call: Sequence[int], *, at: datetime) -> None:
    """Refuse if a stop covers goods in one of the parcels.

    :raises Stopped: with the place of the parcel in the call
    """
    lots = list(
        Allocation.objects.filter(parcel__in=parcels)
        .standing()
        .order_by("id")
        .values_list("parcel_id", "merchant_id", "product_id", "warehouse_id", "lot_id")
    )
    try:
        pass_gates([Passing(*goods) for _, *goods in lots], at=at)
    except Refused as refused:
        refused.place = order_of_call.index(lots[refused.place or 0][0])
        raise


def _begin(parcel: Parcel, who: User, at: datetime) -> dict[str, list[object]]:
    return change(parcel, picker_id=who.pk, picking_at=at)
