"""Put parcels on the scale: a weight that cannot be stops its parcel until somebody else than its packer resolves it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change, first
from assurance.gates.actions import NoReason
from assurance.refusals import OwnWork, Refused, at_place
from warehouse.orders.actions.locking import check_parcel, in_turn, lock_parcels, tell_of_parcels
from warehouse.orders.lifecycle import ParcelState, WeightState
from warehouse.orders.models import Allocation, WeightDeviation
from warehouse.orders.queries import expected_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.events.changes import Changes
    from warehouse.orders.models import Parcel
    from warehouse.orders.weighing import Expected

SHOWN = ("state", "expected_g", "lowest_g", "highest_g", "measured_g", "rule")


class AlreadyWeighed(Refused):
    code = "already_weighed"
    message = _("Parcel %(parcel)s was weighed already: %(grams)s g.")


class WeightInOrder(Refused):
    code = "weight_in_order"
    message = _("The weight of parcel %(parcel)s stops nothing.")


class WeightStops(Refused):
    code = "weight_stops"
    message = _("Parcel %(parcel)s weighs what it should not. Somebody other than its packer looks into it first.")


@dataclass(frozen=True, slots=True)
class Weighing:
    """A closed parcel on the scale, in grams. ``at`` and ``actor``, where given, stand instead of those of the call."""

    parcel_id: int
    measured_weight_g: int
    at: datetime | None = None
    actor: User | None = None


@dataclass(frozen=True, slots=True)
class Accepting:
    """A weight that is right after all, and why; with the weight that somebody else measured, if it was the scale."""

    parcel_id: int
    reason: str
    measured_weight_g: int | None = None


@transaction.atomic
def weigh(items: Sequence[Weighing], *, actor: User, at: datetime) -> list[Parcel]:
    """Note what closed parcels weigh that were not weighed when they were closed; the same weight again changes nothing.

    :raises OtherWarehouse, WrongState, AlreadyWeighed: with the place of the parcel; nothing is kept
    """
    parcels = lock_parcels(one.parcel_id for one in items)
    in_turn([one.parcel_id for one in items], parcels)
    told = []
    for place, one in enumerate(items):
        parcel, who = parcels[one.parcel_id], one.actor or actor
        check_parcel(parcel, ParcelState.PACKED, place=place, actor=who)
        if parcel.measured_weight_g == one.measured_weight_g:
            continue
        if parcel.measured_weight_g is not None:
            with at_place(place):
                raise AlreadyWeighed(parcel=parcel.code, grams=parcel.measured_weight_g)
        told.append((parcel, change(parcel, measured_weight_g=one.measured_weight_g), one.at or at, who))
    update_each([one[0] for one in told], ["measured_weight_g"])
    tell_of_parcels("warehouse.parcel.weighed", told)
    note_weights([(parcel, moment, who) for parcel, _, moment, who in told], _expected([one[0] for one in told]))
    return [parcels[one.parcel_id] for one in items]


@transaction.atomic
def accept_weights(items: Sequence[Accepting], *, actor: User, at: datetime) -> list[Parcel]:
    """Let parcels go on whose weight stopped them; the reason is kept.

    :raises OwnWork: if the actor packed one of them
    :raises NoReason, OtherWarehouse, WrongState, WeightInOrder: with the place of the parcel; nothing is kept
    """
    parcels = lock_parcels(one.parcel_id for one in items)
    in_turn([one.parcel_id for one in items], parcels)
    open_ones = _open(parcels)
    for place, one in enumerate(items):
        parcel = parcels[one.parcel_id]
        check_parcel(parcel, ParcelState.PACKED, place=place, actor=actor)
        with at_place(place):
            if parcel.pk not in open_ones:
                raise WeightInOrder(parcel=parcel.code)
            if parcel.packed_by_id == actor.pk:
                raise OwnWork
            if not one.reason.strip():
                raise NoReason(field="reason")
    weighed = [parcels[one.parcel_id] for one in items if one.measured_weight_g is not None]
    for one in items:
        if one.measured_weight_g is not None:
            parcels[one.parcel_id].measured_weight_g = one.measured_weight_g
    update_each(weighed, ["measured_weight_g"])
    _resolve([(open_ones[one.parcel_id], WeightState.ACCEPTED, one.reason, at, actor) for one in items])
    return [parcels[one.parcel_id] for one in items]


def note_weights(weighed: Iterable[tuple[Parcel, datetime, User]], expects: Mapping[int, Expected | None]) -> None:
    """Stop the parcels that weigh what they should not."""
    rows = []
    for parcel, at, who in weighed:
        window, grams = expects.get(parcel.pk), parcel.measured_weight_g
        if window is None or grams is None or window.holds(grams) or parcel.packed_by_id is None:
            continue
        rows.append(
            WeightDeviation(
                parcel=parcel,
                merchant_id=parcel.merchant_id,
                warehouse_id=parcel.warehouse_id,
                expected_g=window.grams,
                lowest_g=window.lowest_g,
                highest_g=window.highest_g,
                measured_g=grams,
                rule=window.rule,
                packer_id=parcel.packed_by_id,
                weighed_by=who,
                weighed_at=at,
            )
        )
    made = WeightDeviation.objects.bulk_create(rows)
    announce_each(
        [News("warehouse.parcel.weight_stopped", one, first(one, *SHOWN), one.weighed_at, one.weighed_by, _ids(one)) for one in made]
    )


def reopen_weights(told: Sequence[tuple[Parcel, Changes, datetime, User | None]], *, reason: str) -> None:
    """Close what stopped parcels that are opened again or given up: they are packed and weighed anew, or not at all."""
    by = {parcel.pk: (at, who) for parcel, _, at, who in told}
    _resolve([(one, WeightState.REPACKED, reason, *by[one.parcel_id]) for one in _open(by).values()])


def refuse_stopped(parcels: Sequence[Parcel]) -> None:
    """:raises WeightStops: with the place of the first parcel that weighs what it should not"""
    stopped = _open([parcel.pk for parcel in parcels])
    for place, parcel in enumerate(parcels):
        if parcel.pk in stopped:
            with at_place(place):
                raise WeightStops(parcel=parcel.code)


def _open(parcel_ids: Iterable[int]) -> dict[int, WeightDeviation]:
    found = WeightDeviation.objects.open().filter(parcel_id__in=list(parcel_ids)).select_related("parcel").order_by("id")
    return {one.parcel_id: one for one in found}


def _resolve(rows: Sequence[tuple[WeightDeviation, WeightState, str, datetime, User | None]]) -> None:
    news = []
    for one, state, reason, at, who in rows:
        changes = change(one, state=state, resolved_by_id=who.pk if who else None, resolved_at=at, reason=reason)
        news.append(News("warehouse.parcel.weight_resolved", one, changes, at, who, _ids(one), reason))
    update_each([row[0] for row in rows], ["state", "resolved_by", "resolved_at", "reason"])
    announce_each(news)


def _expected(parcels: Sequence[Parcel]) -> dict[int, Expected | None]:
    goods: dict[int, list[Allocation]] = defaultdict(list)
    for one in Allocation.objects.filter(parcel__in=parcels).standing().select_related("product"):
        goods[one.parcel_id].append(one)
    return {pk: expected_of(ones) for pk, ones in goods.items()}


def _ids(one: WeightDeviation) -> dict[str, int]:
    return {"parcel_id": one.parcel_id, "order_id": one.parcel.order_id}
