"""Compare what was scanned with what was shipped, unit by unit. Standard library only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

EXPECTED, WRONG_ITEM, EXTRA = "expected", "wrong_item", "extra"


@dataclass(frozen=True)
class Shipped:
    """One product and lot of the parcel that was sent. ``back`` of its units came back before, ``serials_back`` with these numbers.

    ``serials`` are the numbers of its units, if they were scanned at packing.
    """

    item_id: int
    product_id: int
    lot_id: int
    lot_number: str
    quantity: int
    back: int
    serials: frozenset[str] = frozenset()
    serials_back: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scanned:
    """What was read on so many units. Without a lot number the lot could not be read, or the goods carry none."""

    code: str
    lot_number: str
    quantity: int = 1
    serial: str = ""


@dataclass(frozen=True)
class Counted:
    """One unit that came back, and what it is of what was shipped."""

    kind: str
    scanned: Scanned
    product_id: int | None = None
    item_id: int | None = None
    lot_id: int | None = None
    ordinal: int | None = None


class SerialMissing(ValueError):
    """The units that were shipped carry numbers, and nobody scanned that of this one."""

    def __init__(self, lot_number: str) -> None:
        super().__init__(lot_number)
        self.lot_number = lot_number


class SerialBack(ValueError):
    """A unit of this number came back before; ``serial`` names it."""

    def __init__(self, serial: str) -> None:
        super().__init__(serial)
        self.serial = serial


class TooMany(ValueError):
    """More units came than were shipped."""

    def __init__(self, *, shipped: int, back: int) -> None:
        super().__init__(f"{shipped} shipped, {back} back")
        self.shipped, self.back = shipped, back


def count(
    shipped: Sequence[Shipped], scans: Sequence[Scanned], *, is_of: Callable[[str, int], bool], wrong_before: int, may_exceed: bool
) -> list[Counted]:
    """Say of every unit whether it was shipped (P8.3), and never count more than were (P8.4).

    ``is_of`` says whether a code belongs to a product; ``wrong_before`` counts wrong items that came back earlier: each stands in
    the place of a unit that was shipped.

    :raises TooMany: unless the parcel may exceed what was shipped
    :raises SerialMissing: unless somebody says why the number of a unit cannot be read (``may_exceed``)
    :raises SerialBack: if a number is counted twice
    """
    room = {one.item_id: one.quantity - one.back for one in shipped}
    left = sum(room.values()) - wrong_before
    found: list[Counted] = []
    seen = {serial for one in shipped for serial in one.serials_back}
    for scan in scans:
        for _ in range(scan.quantity):
            unit = _unit(shipped, scan, room, is_of, seen, may_lack=may_exceed)
            left -= 1
            if (left < 0 or unit.kind == EXTRA) and not may_exceed:
                total = sum(one.quantity for one in shipped)
                raise TooMany(shipped=total, back=sum(one.back for one in shipped) + wrong_before + len(found))
            found.append(unit)
    return found


def _unit(
    shipped: Sequence[Shipped], scan: Scanned, room: dict[int, int], is_of: Callable[[str, int], bool], seen: set[str], *, may_lack: bool
) -> Counted:
    of_product = [one for one in shipped if is_of(scan.code, one.product_id)]
    if not of_product:
        return Counted(WRONG_ITEM, scan)
    of_lot = [one for one in of_product if scan.lot_number in ("", one.lot_number)]
    if not of_lot:
        return Counted(WRONG_ITEM, scan, product_id=of_product[0].product_id)
    numbered = [one for one in of_lot if one.serials]
    if numbered and not scan.serial and not may_lack:
        raise SerialMissing(numbered[0].lot_number)
    if numbered and scan.serial:
        of_lot = [one for one in numbered if scan.serial in one.serials]
        if not of_lot:
            return Counted(WRONG_ITEM, scan, product_id=of_product[0].product_id)
        if scan.serial in seen:
            raise SerialBack(scan.serial)
        seen.add(scan.serial)
    free = next((one for one in of_lot if room[one.item_id] > 0), None)
    if free is None:
        one = of_lot[0]
        return Counted(EXTRA, scan, one.product_id, one.item_id, one.lot_id)
    ordinal = free.quantity - room[free.item_id] + 1
    room[free.item_id] -= 1
    return Counted(EXPECTED, scan, free.product_id, free.item_id, free.lot_id, ordinal)
