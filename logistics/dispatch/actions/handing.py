"""Hand parcels over to their couriers: with their clearance, or not at all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db import transaction

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.fees.actions import Metered, meter_all
from logistics.dispatch.actions.refusing import NotCleared, NoWaybill, OtherWarehouse, check_once, ids_of
from logistics.dispatch.lifecycle import WaybillState
from logistics.dispatch.models import HandOver, Manifest, Waybill
from warehouse.orders.actions import Step, ship
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance

STAGE = "outbound"


@dataclass(frozen=True, slots=True)
class Handing:
    """A parcel that leaves, at its own moment."""

    parcel_id: int
    at: datetime | None = None


@transaction.atomic
def hand_over(items: Sequence[Handing], *, actor: User, at: datetime) -> list[HandOver]:
    """Hand parcels over; return their hand-overs in order. One that has left already keeps its first one. Constant number of queries.

    The goods leave the stock and the operations are metered in the same transaction.

    :raises OtherWarehouse, NoWaybill, NotCleared, TwiceInOneSet: nothing is kept of the whole set
    :raises Stopped: if a stop covers the goods of one of them
    """
    ids = [item.parcel_id for item in items]
    check_once(ids)
    waybills = _locked(ids)
    parcels = Parcel.objects.select_related("clearance").in_bulk(ids)
    earlier = {one.parcel_id: one for one in HandOver.objects.filter(waybill__in=waybills.values())}
    for place, item in enumerate(items):
        if item.parcel_id not in earlier:
            _check(parcels[item.parcel_id], waybills.get(item.parcel_id), actor, place)
    leaving = [item for item in items if item.parcel_id not in earlier]
    if not leaving:
        return [earlier[pk] for pk in ids]
    moments = {item.parcel_id: item.at or at for item in leaving}
    ship([Step(pk, moment) for pk, moment in moments.items()], actor=actor, at=at)
    going = [waybills[pk] for pk in moments]
    made = _write(going, parcels, moments, actor=actor)
    _move_on(going, moments, actor=actor)
    _meter(going, parcels, moments, at=at)
    standing = earlier | {one.parcel_id: one for one in made}
    return [standing[pk] for pk in ids]


def _locked(parcel_ids: Sequence[int]) -> dict[int, Waybill]:
    """Return the live waybill of each parcel, held. Waybills come first in the order of locks, then orders, parcels, lots, gates."""
    rows = Waybill.objects.live().select_for_update(of=("self",)).select_related("service").filter(parcel_id__in=parcel_ids).order_by("pk")
    return {waybill.parcel_id: waybill for waybill in rows}


def _check(parcel: Parcel, waybill: Waybill | None, actor: User, place: int) -> None:
    if parcel.warehouse_id != actor.organisation_id:
        raise OtherWarehouse(field=f"items.{place}", parcel=parcel.code)
    if parcel.state != ParcelState.CHECKED or parcel.clearance is None or parcel.clearance.stage != STAGE:
        raise NotCleared(field=f"items.{place}", parcel=parcel.code)
    if waybill is None or waybill.state != WaybillState.CREATED:
        raise NoWaybill(field=f"items.{place}", parcel=parcel.code)


def _write(going: Sequence[Waybill], parcels: Mapping[int, Parcel], moments: Mapping[int, datetime], *, actor: User) -> list[HandOver]:
    """Write one manifest per service and one hand-over per parcel."""
    by_service: dict[int, list[Waybill]] = defaultdict(list)
    for waybill in going:
        by_service[waybill.service_id].append(waybill)
    manifests = Manifest.objects.bulk_create(
        Manifest(
            warehouse_id=theirs[0].warehouse_id,
            courier_id=theirs[0].courier_id,
            service_id=service_id,
            parcels=len(theirs),
            handed_by=actor,
            handed_at=max(moments[one.parcel_id] for one in theirs),
        )
        for service_id, theirs in by_service.items()
    )
    manifest_of = {manifest.service_id: manifest for manifest in manifests}
    return HandOver.objects.bulk_create(
        HandOver(
            waybill=waybill,
            parcel_id=waybill.parcel_id,
            merchant_id=waybill.merchant_id,
            warehouse_id=waybill.warehouse_id,
            courier_id=waybill.courier_id,
            manifest=manifest_of[waybill.service_id],
            clearance=cast("Clearance", parcels[waybill.parcel_id].clearance),
            handed_by=actor,
            handed_at=moments[waybill.parcel_id],
        )
        for waybill in going
    )


def _move_on(going: Sequence[Waybill], moments: Mapping[int, datetime], *, actor: User) -> None:
    news = []
    for waybill in going:
        moment = moments[waybill.parcel_id]
        changes = change(waybill, state=WaybillState.HANDED_OVER, handed_over_at=moment)
        news.append(News("logistics.parcel.handed_over", waybill, changes, moment, actor, ids_of(waybill)))
    update_each(going, ["state", "handed_over_at"])
    announce_each(news)


def _meter(going: Sequence[Waybill], parcels: Mapping[int, Parcel], moments: Mapping[int, datetime], *, at: datetime) -> None:
    operations = [
        Metered(
            kind="forward_delivery",
            merchant_id=waybill.merchant_id,
            source_kind="logistics.waybill",
            source_id=waybill.pk,
            quantity=1,
            at=moments[waybill.parcel_id],
            measures=_measures(waybill, parcels[waybill.parcel_id]),
        )
        for waybill in going
    ]
    meter_all(operations, at=at)


def _measures(waybill: Waybill, parcel: Parcel) -> dict[str, int | str]:
    """Return what the fee depends on: where to, how heavy, how large."""
    measures: dict[str, int | str] = {"to_province": f"{waybill.destination_province}0000", "weight_g": waybill.actual_weight_g}
    sizes = {"length_mm": parcel.length_mm, "width_mm": parcel.width_mm, "height_mm": parcel.height_mm}
    return measures | {name: size for name, size in sizes.items() if size is not None and all(sizes.values())}
