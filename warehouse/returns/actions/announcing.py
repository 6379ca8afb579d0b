"""Say that a parcel will come back, so that the warehouse knows it when it stands at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import constraint_of
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.refusals import Refused, WrongState, at_place
from warehouse.orders.actions import lock_parcels
from warehouse.orders.lifecycle import ParcelState
from warehouse.returns.lifecycle import ReturnState
from warehouse.returns.models import ReturnParcel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from warehouse.orders.models import Parcel


class ParcelNotShipped(Refused):
    code = "parcel_not_shipped"
    message = _("Parcel %(parcel)s has not left the warehouse: nothing of it can come back.")


class ReferenceReused(Refused):
    code = "reference_reused"
    message = _("“%(reference)s” is the reference of another return.")


class TrackingNumberKnown(Refused):
    code = "tracking_number_known"
    message = _("A return with the tracking number %(number)s is known already.")


@dataclass(frozen=True)
class ExpectedReturn:
    """A parcel that was sent and will come back. ``reference`` is the announcer's own key: once is once."""

    parcel_id: int
    tracking_number: str = ""
    carrier: str = ""
    reference: str = ""
    buyer_reason: str = ""
    at: datetime | None = None


@transaction.atomic
def announce_returns(entries: Sequence[ExpectedReturn], *, actor: User | None, at: datetime) -> list[ReturnParcel]:
    """Write down what will come back, in the order of the entries. The same reference of the same parcel is the same return.

    :raises ParcelNotShipped: if one is still here
    :raises ReferenceReused, TrackingNumberKnown: if a key belongs to another return
    """
    parcels = lock_parcels({one.parcel_id for one in entries})
    known = _known(entries, parcels)
    fresh: dict[int, ReturnParcel] = {}
    for place, one in enumerate(entries):
        with at_place(place):
            parcel = parcels[one.parcel_id]
            check_shipped(parcel)
            earlier = known.get((parcel.merchant_id, one.reference)) if one.reference else None
            if earlier is None:
                fresh[place] = _row(one, parcel, actor=actor, at=one.at or at)
                known[parcel.merchant_id, one.reference] = fresh[place]
            elif earlier.parcel_id != one.parcel_id:
                raise ReferenceReused(field="reference", reference=one.reference)
    insert(list(fresh.values()))
    shown = ("parcel_id", "tracking_number", "carrier", "reference", "buyer_reason")
    announce_each(
        [News("warehouse.return.announced", row, first(row, *shown), row.announced_at or at, actor, ids_of(row)) for row in fresh.values()]
    )
    kept = {key: row for key, row in known.items() if key[1]}
    return [fresh.get(place) or kept[parcels[one.parcel_id].merchant_id, one.reference] for place, one in enumerate(entries)]


@transaction.atomic
def cancel_return(*, return_id: int, reason: str, actor: User, at: datetime) -> ReturnParcel:
    """Take an announcement back: the buyer keeps the goods.

    :raises WrongState: if something arrived
    """
    row = ReturnParcel.objects.select_for_update(of=("self",)).select_related("parcel").get(pk=return_id)
    if row.state != ReturnState.ANNOUNCED:
        raise WrongState(state=row.get_state_display())
    changes = change(row, state=ReturnState.CANCELLED, closed_at=at)
    row.save(update_fields=["state", "closed_at"])
    announce("warehouse.return.cancelled", actor=actor, at=at, subject=row, changes=changes, reason=reason, **ids_of(row))
    return row


def check_shipped(parcel: Parcel) -> None:
    """:raises ParcelNotShipped: if it stands here"""
    if parcel.state != ParcelState.HANDED_OVER:
        raise ParcelNotShipped(parcel=parcel.code)


def ids_of(row: ReturnParcel) -> dict[str, int]:
    """Return what subscribers get."""
    ids = {"return_id": row.pk}
    if row.parcel_id and row.parcel:
        ids |= {"parcel_id": row.parcel_id, "order_id": row.parcel.order_id}
    return ids


def insert(rows: list[ReturnParcel]) -> None:
    """:raises TrackingNumberKnown: if one of the numbers stands on another return of the warehouse"""
    try:
        with transaction.atomic():
            ReturnParcel.objects.bulk_create(rows)
    except IntegrityError as error:
        if constraint_of(error) == "return_once_per_tracking_number":
            number = next((row.tracking_number for row in rows if row.tracking_number), "")
            raise TrackingNumberKnown(field="tracking_number", number=number) from None
        raise


def _known(entries: Sequence[ExpectedReturn], parcels: Mapping[int, Parcel]) -> dict[tuple[int, str], ReturnParcel]:
    references = {one.reference for one in entries if one.reference}
    merchants = {parcel.merchant_id for parcel in parcels.values()}
    rows = ReturnParcel.objects.select_related("parcel").filter(merchant_id__in=merchants, reference__in=references)
    return {(row.merchant_id, row.reference): row for row in rows}


def _row(one: ExpectedReturn, parcel: Parcel, *, actor: User | None, at: datetime) -> ReturnParcel:
    return ReturnParcel(
        merchant_id=parcel.merchant_id,
        warehouse_id=parcel.warehouse_id,
        parcel=parcel,
        state=ReturnState.ANNOUNCED,
        carrier=one.carrier,
        tracking_number=one.tracking_number,
        reference=one.reference,
        buyer_reason=one.buyer_reason,
        announced_at=at,
        announced_by=actor,
    )
