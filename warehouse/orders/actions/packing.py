"""Put scanned goods into their parcel, and close it when everything is in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.changes import change
from assurance.refusals import Refused, at_place
from warehouse.orders import packing as rules
from warehouse.orders.actions.locking import (
    Step,
    check_parcel,
    in_turn,
    latest_of,
    lock_parcels,
    move_orders_on,
    tell_of_parcels,
)
from warehouse.orders.actions.picking import pass_with_lots
from warehouse.orders.actions.weighing import note_weights, reopen_weights
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Allocation, Parcel, ParcelItem
from warehouse.orders.packing import Flaw, Place, Scan
from warehouse.orders.queries import expected_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from warehouse.orders.weighing import Expected

    Put = tuple[Allocation, int, list[str], datetime]


class NotPicked(Refused):
    code = "not_picked"
    message = _("Parcel %(parcel)s: pick its goods first.")


class WrongProduct(Refused):
    code = "wrong_product"
    message = _("%(code)s does not belong into this parcel. Put it back.")


class WrongLot(Refused):
    code = "wrong_lot"
    message = _("Lot %(lot)s was not allocated to this parcel. Fetch the lot that is named.")


class WrongQuantity(Refused):
    code = "wrong_quantity"
    message = _("All units of lot %(lot)s are in already, or fewer than %(quantity)s are missing.")


class Incomplete(Refused):
    code = "incomplete"
    message = _("Parcel %(parcel)s: units still missing: %(missing)s.")


class SerialTwice(Refused):
    code = "serial_twice"
    message = _("Serial number %(serial)s is in this parcel already, or names more than one unit.")


class SerialMissing(Refused):
    code = "serial_missing"
    message = _("Lot %(lot)s: scan the serial number of every unit, or of none.")


FLAWS: Final = {
    Flaw.WRONG_PRODUCT: WrongProduct,
    Flaw.WRONG_LOT: WrongLot,
    Flaw.WRONG_QUANTITY: WrongQuantity,
    Flaw.SERIAL_TWICE: SerialTwice,
    Flaw.SERIAL_MISSING: SerialMissing,
}


@dataclass(frozen=True, slots=True)
class Packing:
    """A parcel to close. ``scans`` is what was scanned into it; without, what was scanned before is all.

    Weight in grams and lengths in millimetres as measured, as far as they were. ``at`` and ``actor``, where given, stand
    instead of those of the call.
    """

    parcel_id: int
    scans: Sequence[Scan] | None = None
    measured_weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    at: datetime | None = None
    actor: User | None = None


@transaction.atomic
def scan(
    *, parcel_id: int, code: str, lot_number: str, actor: User, at: datetime, quantity: int = 1, serial: str = "", closes: bool = False
) -> Parcel:
    """Put what was scanned into the parcel. With ``closes`` the scan that makes it whole closes it; it is weighed afterwards.

    :raises OtherWarehouse, WrongState, NotPicked: the parcel takes nothing now
    :raises WrongProduct, WrongLot, WrongQuantity, SerialTwice, SerialMissing: this does not belong into it
    :raises Stopped: if a stop covers one of its lots
    """
    parcels = lock_parcels([parcel_id])
    in_turn([parcel_id], parcels)
    parcel = parcels[parcel_id]
    _check(parcel, place=0, actor=actor)
    pass_with_lots([parcel], [parcel_id], at=at)
    allocations = _allocations([parcel])[parcel_id]
    inside = _Inside(allocations)
    inside.take(Scan(code, lot_number, quantity, serial), place=0)
    _put(inside.puts(at))
    if closes and sum(inside.packed.values()) == sum(one.quantity for one in allocations):
        return pack([Packing(parcel_id)], actor=actor, at=at)[0]
    return parcel


@transaction.atomic
def pack(items: Sequence[Packing], *, actor: User, at: datetime) -> list[Parcel]:
    """Close parcels that hold exactly what was allocated to them, all or none. A dozen queries, whatever the number.

    :raises OtherWarehouse, WrongState, NotPicked: with the place of the parcel
    :raises WrongProduct, WrongLot, WrongQuantity, Incomplete: with the place of the parcel
    :raises Stopped: if a stop covers one of its lots
    """
    numbers = [one.parcel_id for one in items]
    parcels = lock_parcels(numbers)
    in_turn(numbers, parcels)
    for place, one in enumerate(items):
        _check(parcels[one.parcel_id], place=place, actor=one.actor or actor)
    pass_with_lots(list(parcels.values()), numbers, at=at)
    allocations = _allocations(parcels.values())
    expects = {number: expected_of(allocations[number]) for number in numbers}
    puts, told = [], []
    for place, one in enumerate(items):
        parcel, moment = parcels[one.parcel_id], one.at or at
        puts += _fill(parcel, one.scans, allocations[parcel.pk], place=place, at=moment)
        told.append((parcel, _close(parcel, one, expects[parcel.pk], actor=one.actor or actor, at=moment), moment, one.actor or actor))
    _put(puts)
    fields = ["state", "packed_by", "packed_at", "estimated_weight_g", "measured_weight_g", "length_mm", "width_mm", "height_mm"]
    update_each(parcels.values(), fields)
    tell_of_parcels("warehouse.parcel.packed", told)
    note_weights([(parcel, moment, who) for parcel, _, moment, who in told], expects)
    moments = latest_of([(parcel.order_id, moment) for parcel, _, moment, _ in told])
    move_orders_on({parcel.order_id: parcel.order for parcel in parcels.values()}, moments=moments, actor=actor)
    return [parcels[number] for number in numbers]


@transaction.atomic
def unpack(items: Sequence[Step], *, reason: str, actor: User | None, at: datetime) -> list[Parcel]:
    """Open parcels that are not right: their goods are picked and scanned again, a new check decides. Without an actor a rule says so.

    :raises WrongState, OtherWarehouse: with the place of the parcel
    """
    numbers = [step.pk for step in items]
    parcels = lock_parcels(numbers)
    in_turn(numbers, parcels)
    told = []
    for place, step in enumerate(items):
        parcel, who = parcels[step.pk], step.actor or actor
        check_parcel(parcel, ParcelState.PACKED, ParcelState.CHECKED, place=place, actor=who)
        changes = change(parcel, state=ParcelState.PICKING, packed_by_id=None, packed_at=None, measured_weight_g=None)
        changes |= change(parcel, clearance_id=None, clearance_kind=None, clearance_verdict=None, checked_at=None, sealed_at=None)
        told.append((parcel, changes, step.at or at, who))
    fields = ["state", "packed_by", "packed_at", "measured_weight_g", "clearance", "clearance_kind", "clearance_verdict"]
    fields += ["checked_at", "sealed_at"]
    update_each(parcels.values(), fields)
    ParcelItem.objects.filter(parcel__in=parcels.values()).update(quantity=0, serials=[])
    reopen_weights(told, reason=reason)
    tell_of_parcels("warehouse.parcel.unpacked", told, reason=reason)
    moments = latest_of([(parcel.order_id, moment) for parcel, _, moment, _ in told])
    move_orders_on({parcel.order_id: parcel.order for parcel in parcels.values()}, moments=moments, actor=actor)
    return [parcels[number] for number in numbers]


def _check(parcel: Parcel, *, place: int, actor: User) -> None:
    check_parcel(parcel, ParcelState.PICKING, place=place, actor=actor)
    if parcel.picked_at is None:
        with at_place(place):
            raise NotPicked(parcel=parcel.code)


def _allocations(parcels: Iterable[Parcel]) -> dict[int, list[Allocation]]:
    found: dict[int, list[Allocation]] = defaultdict(list)
    standing = Allocation.objects.filter(parcel__in=list(parcels)).standing()
    for one in standing.select_related("product", "lot", "item").order_by("id"):
        found[one.parcel_id].append(one)
    return found


def _packed(one: Allocation) -> int:
    return one.item.quantity if hasattr(one, "item") else 0


def _places(allocations: Sequence[Allocation], already: Mapping[int, int] | None = None) -> list[Place]:
    return [
        Place(
            one.pk,
            rules.codes_of(sku=one.product.sku, gtin=one.product.gtin),
            one.lot.number,
            one.quantity,
            already.get(one.pk, 0) if already is not None else _packed(one),
        )
        for one in allocations
    ]


class _Inside:
    """What lies in one parcel by allocation, scan after scan: units, and their numbers where they carry them."""

    def __init__(self, allocations: Sequence[Allocation]) -> None:
        self.allocations = allocations
        self.packed = {one.pk: _packed(one) for one in allocations}
        self.serials = {one.pk: list(one.item.serials) if hasattr(one, "item") else [] for one in allocations}

    def take(self, scan: Scan, *, place: int) -> None:
        """:raises WrongProduct, WrongLot, WrongQuantity, SerialTwice, SerialMissing: with the place of the parcel"""
        goes = _place(scan, _places(self.allocations, self.packed), lot=scan.lot_number, place=place)
        inside = [serial for some in self.serials.values() for serial in some]
        for key, units in goes.items():
            serials = rules.with_serial(scan, self.serials[key], packed=self.packed[key], others=inside)
            if isinstance(serials, Flaw):
                with at_place(place):
                    raise FLAWS[serials](code=scan.code, lot=scan.lot_number, serial=scan.serial, quantity=scan.quantity)
            self.serials[key] = serials
            self.packed[key] += units

    def puts(self, at: datetime) -> list[Put]:
        """Return what is to be written: the allocations of which something was put in."""
        return [(one, self.packed[one.pk], self.serials[one.pk], at) for one in self.allocations if self.packed[one.pk] != _packed(one)]


def _place(scan: Scan, places: Sequence[Place], *, lot: str, place: int) -> dict[int, int]:
    goes = rules.place(scan, places)
    if isinstance(goes, Flaw):
        with at_place(place):
            raise FLAWS[goes](code=scan.code, lot=lot, quantity=scan.quantity)
    return goes


def _fill(parcel: Parcel, scans: Sequence[Scan] | None, allocations: Sequence[Allocation], *, place: int, at: datetime) -> list[Put]:
    """Return what lies in the parcel of each allocation after these scans; all of it must be in."""
    inside = _Inside(allocations)
    for scan in scans or ():
        inside.take(scan, place=place)
    if missing := rules.missing_units(_places(allocations, inside.packed)):
        with at_place(place):
            raise Incomplete(parcel=parcel.code, missing=missing)
    return inside.puts(at)


def _put(puts: Sequence[Put]) -> None:
    ParcelItem.objects.bulk_create(
        [
            ParcelItem(
                parcel_id=one.parcel_id,
                allocation=one,
                merchant_id=one.merchant_id,
                warehouse_id=one.warehouse_id,
                product_id=one.product_id,
                lot_id=one.lot_id,
                quantity=units,
                serials=serials,
                scanned_at=at,
            )
            for one, units, serials, at in puts
        ],
        update_conflicts=True,
        unique_fields=["allocation"],
        update_fields=["quantity", "serials", "scanned_at"],
    )


def _close(parcel: Parcel, given: Packing, expects: Expected | None, *, actor: User, at: datetime) -> dict[str, list[object]]:
    return change(
        parcel,
        state=ParcelState.PACKED,
        packed_by_id=actor.pk,
        packed_at=at,
        estimated_weight_g=expects.grams if expects else None,
        measured_weight_g=given.measured_weight_g,
        length_mm=given.length_mm,
        width_mm=given.width_mm,
        height_mm=given.height_mm,
    )
