"""Decide whether what was scanned belongs into a parcel, and whether the parcel is complete."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


class Flaw(StrEnum):
    """Why a scan is refused."""

    WRONG_PRODUCT = "wrong_product"
    WRONG_LOT = "wrong_lot"
    WRONG_QUANTITY = "wrong_quantity"
    SERIAL_TWICE = "serial_twice"
    SERIAL_MISSING = "serial_missing"


@dataclass(frozen=True, slots=True)
class Place:
    """What is to go into the parcel of one allocation, and what is in already. ``codes`` are the product's SKU and GTIN."""

    key: int
    codes: Collection[str]
    lot_number: str
    quantity: int
    packed: int

    @property
    def missing(self) -> int:
        return self.quantity - self.packed


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner read: a product's code, the lot printed on it, how many units, and the number of the one unit if it has one."""

    code: str
    lot_number: str
    quantity: int = 1
    serial: str = ""


def names(code: str) -> set[str]:
    """Return the ways a code is written: as it stands, and a GTIN with its zeros."""
    return {code, code.zfill(14)} if code.isascii() and code.isdigit() and 8 <= len(code) <= 14 else {code}


def codes_of(*, sku: str, gtin: str) -> frozenset[str]:
    """Return what a scanner may read of a product."""
    return frozenset({sku} | (names(gtin) if gtin else set()))


def place(scan: Scan, places: Iterable[Place]) -> Flaw | dict[int, int]:
    """Return how many units go to which allocation, or why the scan is wrong. Two lines may want the same lot: first come."""
    of_product = [one for one in places if names(scan.code) & set(one.codes)]
    if not of_product:
        return Flaw.WRONG_PRODUCT
    of_lot = [one for one in of_product if one.lot_number == scan.lot_number]
    if not of_lot:
        return Flaw.WRONG_LOT
    left, goes = scan.quantity, {}
    for one in of_lot:
        units = min(left, one.missing)
        if units > 0:
            goes[one.key] = units
            left -= units
    return Flaw.WRONG_QUANTITY if left or not goes else goes


def missing_units(places: Iterable[Place]) -> int:
    return sum(one.missing for one in places)


def with_serial(scan: Scan, before: Sequence[str], *, packed: int, others: Collection[str]) -> Flaw | list[str]:
    """Return the numbers of the units of one allocation after a scan, or why it is wrong: all of them carry one or none does.

    ``before`` are those of the ``packed`` units, ``others`` all that lie in the parcel.
    """
    if scan.serial and (scan.serial in others or scan.quantity != 1):
        return Flaw.SERIAL_TWICE
    if packed and bool(before) != bool(scan.serial):
        return Flaw.SERIAL_MISSING
    return [*before, scan.serial] if scan.serial else list(before)
