"""Count in what came back: what was shipped, what was not, and never more than was."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Count, Q, Value
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.fees.actions import Metered, meter_all
from assurance.refusals import Refused, WrongState, at_place
from warehouse.inbound.arrival import is_of
from warehouse.orders.actions import lock_parcels
from warehouse.orders.models import ParcelItem
from warehouse.returns.actions.announcing import check_shipped, ids_of, insert
from warehouse.returns.counting import EXPECTED, WRONG_ITEM, Counted, Scanned, SerialBack, SerialMissing, Shipped, TooMany, count
from warehouse.returns.lifecycle import COUNTABLE, ReturnState
from warehouse.returns.models import ReturnParcel, ReturnUnit
from warehouse.stock.actions import Moving, lock_lots, move_all
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from warehouse.orders.models import Parcel

ScannedUnit = Scanned
SOURCE_KIND = "warehouse.returnunit"


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("These goods left from another warehouse.")


class NothingScanned(Refused):
    code = "nothing_scanned"
    status = 422
    message = _("Scan at least one unit.")


class BeyondShipped(Refused):
    code = "beyond_shipped"
    message = _("%(shipped)s units were shipped and %(back)s are back. Count again, or say why there are more.")


class SerialNeeded(Refused):
    code = "serial_needed"
    status = 422
    message = _("Lot %(lot)s left with serial numbers. Scan the number of every unit, or say why it cannot be read.")


class SerialTwice(Refused):
    code = "serial_twice"
    message = _("The unit with serial number %(serial)s is counted already.")


class NotOfParcel(Refused):
    code = "return_of_other_parcel"
    message = _("Return %(return)s belongs to another parcel.")


class ParcelTwice(Refused):
    code = "parcel_twice"
    status = 422
    message = _("Parcel %(parcel)s is named twice.")


@dataclass(frozen=True)
class Line:
    """One product and lot of a parcel with the codes that its units carry."""

    shipped: Shipped
    sku: str
    gtin: str


@dataclass(frozen=True)
class ArrivedReturn:
    """A parcel that came back with what was scanned in it. Without ``return_id`` the announced one of the parcel is meant, or a new one.

    ``override_reason`` says why there are more units than were shipped.
    """

    parcel_id: int
    units: Sequence[Scanned]
    return_id: int | None = None
    tracking_number: str = ""
    carrier: str = ""
    override_reason: str = ""
    at: datetime | None = None


@transaction.atomic
def receive_returns(entries: Sequence[ArrivedReturn], *, actor: User, at: datetime) -> list[ReturnParcel]:
    """Count the units of returned parcels in; all of them or none, in the same number of queries for one as for many.

    What was shipped goes from "shipped" to "pending" and waits for its inspection; a wrong item is marked and stays out of the stock
    ledger. Every unit is metered.

    :raises ParcelNotShipped, OtherWarehouse, WrongState, NotOfParcel, ParcelTwice: this is not the place or time
    :raises NothingScanned, BeyondShipped, SerialNeeded, SerialTwice: if too little or too much was counted
    """
    parcels = lock_parcels({one.parcel_id for one in entries})
    _check(entries, parcels, actor)
    rows, before = _returns(entries, parcels, actor=actor, at=at)
    lines, wrong = _shipped(parcels)
    units: list[ReturnUnit] = []
    for place, (one, row) in enumerate(zip(entries, rows, strict=True)):
        with at_place(place):
            units += [_unit(found, one, row) for found in _count(one, lines[one.parcel_id], wrong[one.parcel_id])]
    ReturnUnit.objects.bulk_create(units)
    _take_back(units, actor=actor, at=at)
    meter_all([_metered(unit) for unit in units], at=at)
    of = defaultdict(list)
    for unit in units:
        of[unit.return_parcel_id].append(unit)
    announce_each([_news(row, state, of[row.pk], at=at) for row, state in zip(rows, before, strict=True)])
    return rows


def _check(entries: Sequence[ArrivedReturn], parcels: Mapping[int, Parcel], actor: User) -> None:
    seen: set[int] = set()
    for place, one in enumerate(entries):
        parcel = parcels[one.parcel_id]
        with at_place(place):
            if parcel.warehouse_id != actor.organisation_id:
                raise OtherWarehouse
            check_shipped(parcel)
            if not any(scan.quantity > 0 for scan in one.units):
                raise NothingScanned(field="units")
            if parcel.pk in seen:
                raise ParcelTwice(parcel=parcel.code)
            seen.add(parcel.pk)


def _returns(
    entries: Sequence[ArrivedReturn], parcels: Mapping[int, Parcel], *, actor: User, at: datetime
) -> tuple[list[ReturnParcel], list[str | None]]:
    """Return the returns these arrive under, received, and how each stood before.

    It is the return that is named, else the announced one of the parcel, else a new one.
    """
    named = [one.return_id for one in entries if one.return_id]
    waiting = Q(parcel_id__in=parcels, state__in=sorted(COUNTABLE)) | Q(pk__in=named)
    known = list(ReturnParcel.objects.filter(waiting).select_for_update(of=("self",)).order_by("id"))
    rows: list[ReturnParcel] = []
    before: list[str | None] = []
    fresh: list[ReturnParcel] = []
    for place, one in enumerate(entries):
        with at_place(place):
            row = _announced(one, known)
        before.append(row.state if row else None)
        if row is None:
            row = ReturnParcel(tracking_number=one.tracking_number, carrier=one.carrier)
            fresh.append(row)
        parcel, moment = parcels[one.parcel_id], one.at or at
        row.parcel, row.merchant_id, row.warehouse_id = parcel, parcel.merchant_id, parcel.warehouse_id
        row.state, row.received_at, row.received_by = ReturnState.RECEIVED, moment, actor
        row.arrived_at = row.arrived_at or moment
        rows.append(row)
    insert(fresh)
    ReturnParcel.objects.bulk_update([row for row in rows if row not in fresh], ["state", "received_at", "received_by", "arrived_at"])
    return rows, before


def _announced(one: ArrivedReturn, known: Iterable[ReturnParcel]) -> ReturnParcel | None:
    if one.return_id is None:
        return next((row for row in known if row.parcel_id == one.parcel_id and row.is_countable), None)
    row = next(row for row in known if row.pk == one.return_id)
    if not row.is_countable:
        raise WrongState(state=row.get_state_display())
    if row.parcel_id != one.parcel_id:
        raise NotOfParcel(**{"return": row.code})
    return row


def _shipped(parcels: Iterable[int]) -> tuple[Mapping[int, list[Line]], Counter[int]]:
    """Return what was in the parcels with how much of each is back, and how many wrong items came in the place of something."""
    items = ParcelItem.objects.filter(parcel_id__in=parcels, quantity__gt=0).select_related("product", "lot")
    expected = Q(returned_units__kind=EXPECTED)
    back = Count("returned_units", filter=expected)
    numbers = ArrayAgg("returned_units__scanned_serial", filter=expected & ~Q(returned_units__scanned_serial=""), default=Value([]))
    lines: dict[int, list[Line]] = defaultdict(list)
    for item in items.annotate(back=back, numbers=numbers).order_by("id"):
        serials = frozenset(item.serials), frozenset(item.numbers)
        of = Shipped(item.pk, item.product_id, item.lot_id, item.lot.number, item.quantity, item.back, *serials)
        lines[item.parcel_id].append(Line(of, item.product.sku, item.product.gtin))
    wrong = ReturnUnit.objects.filter(parcel_id__in=parcels, kind=WRONG_ITEM).values_list("parcel_id")
    return lines, Counter(dict(wrong.annotate(n=Count("pk"))))


def _count(one: ArrivedReturn, lines: Sequence[Line], wrong_before: int) -> list[Counted]:
    codes = {line.shipped.product_id: line for line in lines}
    try:
        return count(
            [line.shipped for line in lines],
            one.units,
            is_of=lambda code, product_id: is_of(code, sku=codes[product_id].sku, gtin=codes[product_id].gtin),
            wrong_before=wrong_before,
            may_exceed=bool(one.override_reason),
        )
    except TooMany as found:
        raise BeyondShipped(field="units", shipped=found.shipped, back=found.back) from None
    except SerialMissing as found:
        raise SerialNeeded(field="units", lot=found.lot_number) from None
    except SerialBack as found:
        raise SerialTwice(field="units", serial=found.serial) from None


def _unit(found: Counted, one: ArrivedReturn, row: ReturnParcel) -> ReturnUnit:
    return ReturnUnit(
        return_parcel=row,
        merchant_id=row.merchant_id,
        warehouse_id=row.warehouse_id,
        parcel_id=one.parcel_id,
        item_id=found.item_id,
        product_id=found.product_id,
        lot_id=found.lot_id,
        kind=found.kind,
        ordinal=found.ordinal,
        scanned_code=found.scanned.code,
        scanned_lot=found.scanned.lot_number,
        scanned_serial=found.scanned.serial,
        override_reason=one.override_reason if found.kind != EXPECTED or not found.scanned.serial else "",
        received_by=row.received_by,
        received_at=row.received_at,  # type: ignore[misc]  # it has just been set
    )


def _take_back(units: Iterable[ReturnUnit], *, actor: User, at: datetime) -> None:
    """Move what was shipped back to "pending": one move a return and lot."""
    counted = Counter((unit.return_parcel, unit.lot_id) for unit in units if unit.is_in_ledger and unit.lot_id)
    lots = lock_lots({lot_id for _, lot_id in counted})
    move_all(
        [
            Moving(
                lots[lot_id],
                Custody.SHIPPED,
                Custody.PENDING,
                quantity,
                because="came_back",
                reference=f"return:{row.pk}",
                parcel_id=row.parcel_id,
                at=row.received_at,
            )
            for (row, lot_id), quantity in counted.items()
        ],
        actor=actor,
        at=at,
    )


def _metered(unit: ReturnUnit) -> Metered:
    return Metered("return_operation", unit.merchant_id, SOURCE_KIND, unit.pk, unit.received_at)


def _news(row: ReturnParcel, before: str | None, units: Iterable[ReturnUnit], *, at: datetime) -> News:
    counted = Counter(unit.kind for unit in units)
    changes: dict[str, list[object]] = {"state": [before, row.state], "units": [None, dict(counted)]}
    return News("warehouse.return.received", row, changes, row.received_at or at, row.received_by, ids_of(row))
