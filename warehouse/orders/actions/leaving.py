"""Let parcels go: checked, handed over, delivered. The floors above decide and call."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.changes import change
from assurance.fees.actions import Metered, meter_all
from assurance.refusals import Refused, at_place
from warehouse.orders.actions.locking import Step, check_parcel, in_turn, latest_of, lock_parcels, move_orders_on, tell_of_parcels
from warehouse.orders.actions.picking import pass_with_lots
from warehouse.orders.actions.recording import keep_records
from warehouse.orders.actions.weighing import refuse_stopped
from warehouse.orders.lifecycle import AllocationState, ParcelState
from warehouse.orders.models import Allocation, Parcel, ParcelItem
from warehouse.stock.actions import Moving, lock_lots, move_all
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance


class NotCleared(Refused):
    code = "not_cleared"
    message = _("Parcel %(parcel)s has no clearance for this: a parcel leaves by the verdict of its own check only.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A parcel with the clearance of its own outbound check."""

    parcel_id: int
    clearance: Clearance
    at: datetime | None = None


@transaction.atomic
def mark_checked(items: Sequence[Checked], *, actor: User | None, at: datetime) -> list[Parcel]:
    """Let packed parcels carry the clearance of their check.

    :raises WrongState, OtherWarehouse, WeightStops, NotCleared: with the place of the parcel; nothing is kept
    """
    numbers = [one.parcel_id for one in items]
    parcels = lock_parcels(numbers)
    in_turn(numbers, parcels)
    refuse_stopped([parcels[number] for number in numbers])
    told = []
    for place, one in enumerate(items):
        parcel, clearance, moment = parcels[one.parcel_id], one.clearance, one.at or at
        check_parcel(parcel, ParcelState.PACKED, place=place, actor=actor)
        if (clearance.subject_kind, clearance.subject_id, clearance.stage, clearance.verdict) != (
            "parcel",
            parcel.pk,
            "outbound",
            "released",
        ):
            with at_place(place):
                raise NotCleared(parcel=parcel.code)
        changes = change(parcel, state=ParcelState.CHECKED, clearance_id=clearance.pk, checked_at=moment)
        parcel.clearance_kind, parcel.clearance_verdict = clearance.subject_kind, clearance.verdict
        told.append((parcel, changes, moment, actor))
    update_each(parcels.values(), ["state", "clearance", "clearance_kind", "clearance_verdict", "checked_at"])
    tell_of_parcels("warehouse.parcel.checked", told)
    return [parcels[number] for number in numbers]


@transaction.atomic
def ship(items: Sequence[Step], *, actor: User, at: datetime) -> list[Parcel]:
    """Let checked parcels leave: their goods go from released to shipped with the parcel's own clearance, and it is metered.

    :raises WrongState, OtherWarehouse: with the place of the parcel; nothing is kept
    :raises Stopped: if a stop covers one of its lots
    """
    numbers = [step.pk for step in items]
    parcels = lock_parcels(numbers)
    in_turn(numbers, parcels)
    for place, step in enumerate(items):
        check_parcel(parcels[step.pk], ParcelState.CHECKED, place=place, actor=step.actor or actor)
    contents = _contents(numbers)
    lots = lock_lots({lot_id for units in contents.values() for lot_id in units})
    pass_with_lots(list(parcels.values()), numbers, at=at)
    told = [
        (
            parcels[step.pk],
            change(
                parcels[step.pk],
                state=ParcelState.HANDED_OVER,
                handed_over_at=step.at or at,
                sealed_at=_sealed(parcels[step.pk], step.at or at),
            ),
            step.at or at,
            step.actor or actor,
        )
        for step in items
    ]
    update_each(parcels.values(), ["state", "handed_over_at", "sealed_at"])
    Allocation.objects.filter(parcel__in=parcels.values(), state=AllocationState.PICKED).update(state=AllocationState.SHIPPED)
    clearances = {one.pk: one.clearance for one in Parcel.objects.filter(pk__in=numbers).select_related("clearance")}
    move_all(
        [
            Moving(
                lots[lot_id],
                Custody.RELEASED,
                Custody.SHIPPED,
                units,
                "shipped",
                f"parcel:{parcel.pk}",
                clearances[parcel.pk],
                parcel.pk,
                moment,
                who,
            )
            for parcel, _, moment, who in told
            for lot_id, units in sorted(contents[parcel.pk].items())
        ],
        actor=actor,
        at=at,
    )
    _keep_records(told, at=at)
    _meter([(parcel, moment) for parcel, _, moment, _ in told], contents, at=at)
    tell_of_parcels("warehouse.parcel.handed_over", told)
    _follow(told, actor=actor)
    return [parcels[number] for number in numbers]


@transaction.atomic
def mark_delivered(items: Sequence[Step], *, actor: User | None, at: datetime) -> list[Parcel]:
    """Note that parcels reached their buyers. Delivered once stays delivered then, whatever comes later.

    :raises WrongState: with the place of a parcel that was never handed over; nothing is kept
    """
    numbers = [step.pk for step in items]
    parcels = lock_parcels(numbers)
    in_turn(numbers, parcels)
    told = []
    for place, step in enumerate(items):
        parcel, moment = parcels[step.pk], step.at or at
        check_parcel(parcel, ParcelState.HANDED_OVER, place=place, actor=step.actor or actor)
        if parcel.delivered_at is None:
            told.append((parcel, change(parcel, delivered_at=moment), moment, step.actor or actor))
    update_each([one[0] for one in told], ["delivered_at"])
    tell_of_parcels("warehouse.parcel.delivered", told)
    _keep_records(told, at=at)
    _follow(told, actor=actor)
    return [parcels[number] for number in numbers]


def _sealed(parcel: Parcel, at: datetime) -> datetime:
    return parcel.sealed_at or at


def _keep_records(told: Sequence[tuple[Parcel, object, datetime, User | None]], *, at: datetime) -> None:
    keep_records([parcel.pk for parcel, *_ in told], at=max((moment for _, _, moment, _ in told), default=at))


def _follow(told: Sequence[tuple[Parcel, object, datetime, User | None]], *, actor: User | None) -> None:
    moments = latest_of([(parcel.order_id, moment) for parcel, _, moment, _ in told])
    move_orders_on({parcel.order_id: parcel.order for parcel, *_ in told}, moments=moments, actor=actor)


def _contents(parcel_ids: Sequence[int]) -> dict[int, dict[int, int]]:
    """Return the units by parcel and lot."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for parcel_id, lot_id, units in ParcelItem.objects.filter(parcel_id__in=parcel_ids).values_list("parcel_id", "lot_id", "quantity"):
        if units:
            found[parcel_id][lot_id] += units
    return found


def _meter(parcels: Sequence[tuple[Parcel, datetime]], contents: Mapping[int, Mapping[int, int]], *, at: datetime) -> None:
    meter_all(
        [
            Metered(
                kind=kind,
                merchant_id=parcel.merchant_id,
                source_kind="warehouse.parcel",
                source_id=parcel.pk,
                quantity=quantity,
                at=moment,
                measures={},
            )
            for parcel, moment in parcels
            for kind, quantity in (("outbound_operation", sum(contents[parcel.pk].values())), ("service", 1))
        ],
        at=at,
    )
