"""Fetch the goods of chosen parcels in one round: plan it, walk it scan by scan, finish it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import Refused, WrongState, at_place
from assurance.roles import Kind
from warehouse.orders import packing as rules
from warehouse.orders.actions.locking import OtherWarehouse, Step, check_parcel, in_turn, lock_parcels
from warehouse.orders.actions.picking import TakenByAnother, pass_with_lots, pick, start_picking
from warehouse.orders.lifecycle import AllocationState, ParcelState, WaveState
from warehouse.orders.models import Allocation, Parcel, Wave

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class NoParcels(Refused):
    code = "no_parcels"
    status = 422
    message = _("Choose at least one parcel.")


class InAWave(Refused):
    code = "in_a_wave"
    message = _("Parcel %(parcel)s is in wave %(wave)s or picked already.")


class NotInWave(Refused):
    code = "not_in_wave"
    message = _("%(code)s is not on the list of this wave, or it is fetched already. Put it back.")


class WhichLot(Refused):
    code = "which_lot"
    message = _("Several lots of %(code)s are on the list. Scan the lot.")


@transaction.atomic
def plan_wave(parcel_ids: Sequence[int], *, actor: User, at: datetime) -> Wave:
    """Put parcels of one warehouse whose goods are to be fetched into a new wave.

    :raises NoParcels, OtherWarehouse, WrongState, InAWave: with the place of the parcel; nothing is kept
    """
    if not parcel_ids:
        raise NoParcels(field="parcels")
    parcels = lock_parcels(parcel_ids)
    in_turn(parcel_ids, parcels)
    for place, pk in enumerate(parcel_ids):
        parcel = parcels[pk]
        check_parcel(parcel, ParcelState.PICKING, place=place, actor=actor)
        with at_place(place):
            if parcel.warehouse_id != actor.organisation_id:
                raise OtherWarehouse
            if parcel.wave_id is not None or parcel.picked_at is not None:
                raise InAWave(parcel=parcel.code, wave=parcel.wave.code if parcel.wave else "–")
            if parcel.picker_id not in (None, actor.pk):
                raise TakenByAnother(parcel=parcel.code)
    wave = Wave.objects.create(warehouse_id=actor.organisation_id, planned_by=actor, planned_at=at)
    _put_in(list(parcels.values()), wave)
    told = first(wave, "state") | {"parcels": [None, sorted(parcels)]}
    announce("warehouse.wave.planned", actor=actor, at=at, subject=wave, changes=told, wave_id=wave.pk)
    return wave


@transaction.atomic
def start_wave(*, wave_id: int, actor: User, at: datetime) -> Wave:
    """Take a planned wave on: its parcels are this person's to fetch now.

    :raises OtherWarehouse, WrongState: if it is not to be started
    :raises TakenByAnother: if somebody began with one of its parcels
    """
    wave = _lock(wave_id, WaveState.PLANNED, actor=actor)
    steps = [Step(pk) for pk in _to_fetch(wave)]
    start_picking(steps, actor=actor, at=at)
    _move(wave, "warehouse.wave.picking", actor=actor, at=at, state=WaveState.PICKING, picker_id=actor.pk, started_at=at)
    return wave


@transaction.atomic
def cancel_wave(*, wave_id: int, actor: User, at: datetime) -> Wave:
    """Take a planned wave apart; its parcels wait for another.

    :raises OtherWarehouse, WrongState: if somebody began with it
    """
    wave = _lock(wave_id, WaveState.PLANNED, actor=actor)
    _put_in(list(lock_parcels(wave.parcels.values_list("pk", flat=True)).values()), None)
    _move(wave, "warehouse.wave.cancelled", actor=actor, at=at, state=WaveState.CANCELLED)
    return wave


@transaction.atomic
def fetch(*, wave_id: int, code: str, actor: User, at: datetime, lot_number: str = "") -> list[Allocation]:
    """Note that all units of one lot were fetched for a wave; a parcel whose goods are all fetched is picked.

    ``code`` is the lot as printed, or a product's SKU or GTIN as long as one lot of it is on the list.

    :raises OtherWarehouse, WrongState: if the wave is not being picked
    :raises NotInWave, WhichLot: if this is not to be fetched
    :raises Stopped: if a stop covers it
    """
    wave = _lock(wave_id, WaveState.PICKING, actor=actor)
    parcels = lock_parcels(_to_fetch(wave))
    waiting = Allocation.objects.filter(parcel_id__in=parcels, state=AllocationState.OPEN).select_related("lot", "product")
    fetched = _named(code, lot_number, list(waiting.order_by("id")))
    concerned = [parcels[pk] for pk in sorted({one.parcel_id for one in fetched})]
    pass_with_lots(concerned, [parcel.pk for parcel in concerned], at=at)
    Allocation.objects.filter(pk__in=[one.pk for one in fetched]).update(state=AllocationState.PICKED)
    left = set(Allocation.objects.filter(parcel_id__in=parcels, state=AllocationState.OPEN).values_list("parcel_id", flat=True))
    pick([Step(parcel.pk) for parcel in concerned if parcel.pk not in left], actor=actor, at=at)
    return fetched


@transaction.atomic
def finish_wave(*, wave_id: int, actor: User, at: datetime, left_out: Collection[int] = ()) -> Wave:
    """End a round: all that was not left out is fetched. What is left out waits for another wave.

    :raises OtherWarehouse, WrongState: if the wave is not being picked
    :raises Stopped: if a stop covers goods of a parcel that is not left out
    """
    wave = _lock(wave_id, WaveState.PICKING, actor=actor)
    rest = _to_fetch(wave)
    out = [pk for pk in rest if pk in set(left_out)]
    pick([Step(pk) for pk in rest if pk not in out], actor=actor, at=at)
    going = lock_parcels(out)
    for parcel in going.values():
        parcel.picker_id, parcel.picking_at = None, None
    _put_in(list(going.values()), None, "picker", "picking_at")
    Allocation.objects.filter(parcel_id__in=out, state=AllocationState.PICKED).update(state=AllocationState.OPEN)
    _move(wave, "warehouse.wave.finished", actor=actor, at=at, state=WaveState.FINISHED, finished_at=at)
    return wave


def _named(code: str, lot_number: str, waiting: Sequence[Allocation]) -> list[Allocation]:
    def has(one: Allocation, said: str) -> bool:
        return bool(rules.names(said) & rules.codes_of(sku=one.product.sku, gtin=one.product.gtin))

    found = [one for one in waiting if (one.lot.number == lot_number and has(one, code) if lot_number else one.lot.number == code)]
    found = found or ([] if lot_number else [one for one in waiting if has(one, code)])
    if not found:
        raise NotInWave(code=lot_number or code)
    if len({one.lot_id for one in found}) > 1:
        raise WhichLot(code=code)
    return found


def _lock(wave_id: int, state: WaveState, *, actor: User) -> Wave:
    wave = Wave.objects.select_for_update().get(pk=wave_id)
    if actor.organisation_kind == Kind.WAREHOUSE and actor.organisation_id != wave.warehouse_id:
        raise OtherWarehouse
    if wave.state != state or (wave.picker_id not in (None, actor.pk)):
        raise WrongState(state=wave.get_state_display())
    return wave


def _to_fetch(wave: Wave) -> list[int]:
    """Return the parcels of a wave whose goods are still to be fetched; what was given up meanwhile is none."""
    return list(wave.parcels.filter(state=ParcelState.PICKING, picked_at=None).order_by("id").values_list("pk", flat=True))


def _put_in(parcels: Sequence[Parcel], wave: Wave | None, *more: str) -> None:
    for parcel in parcels:
        parcel.wave = wave
    update_each(parcels, ["wave", *more])


def _move(wave: Wave, kind: str, *, actor: User, at: datetime, **new: object) -> None:
    changes = change(wave, **new)
    wave.save(update_fields=["state", "picker", "started_at", "finished_at"])
    announce(kind, actor=actor, at=at, subject=wave, changes=changes, wave_id=wave.pk)
