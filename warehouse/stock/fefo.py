"""Which lots an order line takes: the earliest expiry first (FEFO), and nothing that is too old by the time it is delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAST_DAYS_LEFT: Final = ((365, 45), (180, 20), (90, 15), (30, 10), (16, 5), (0, 1))
"""Whole shelf life in days → days that must be left on the day promised to the buyer.

These are the limits from which food counts as near its end in Beijing since 2012 (临近保质期限食品销售专区制度); the last
band leaves one to four days to the shop, we take one.
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lot in one warehouse with the units of it that nobody was promised."""

    lot_id: int
    warehouse_id: int
    product_id: int
    expiry_date: date | None
    first_received_at: datetime
    available: int
    shelf_life_days: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """So many units of one product; ``key`` says for whom."""

    key: int
    product_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Take:
    """So many units of one lot for one wish."""

    key: int
    lot_id: int
    quantity: int


def least_days_left(shelf_life_days: int | None) -> int:
    """Return how many days must be left at delivery; goods whose shelf life nobody stated must only not be expired."""
    if shelf_life_days is None:
        return 0
    return next(left for whole, left in LEAST_DAYS_LEFT if shelf_life_days >= whole)


def expires(*, expiry_date: date | None, produced_date: date | None, shelf_life_days: int | None) -> date | None:
    """Return the last day of goods: as printed, or counted from their production. A date nobody filled in is no early date."""
    if expiry_date is None and produced_date is not None and shelf_life_days is not None:
        return produced_date + timedelta(days=shelf_life_days)
    return expiry_date


def whole_life(stated: int | None, *, expiry_date: date | None, produced_date: date | None) -> int | None:
    """Return how many days goods keep: as stated, or else between the dates printed on them."""
    if stated is None and expiry_date and produced_date:
        return (expiry_date - produced_date).days
    return stated


def is_fresh(lot: Candidate, *, day: date, promised: date, least: int | None = None) -> bool:
    """Say whether a lot is neither expired on the ``day`` it is taken nor short-lived on the day it was promised for.

    ``least`` days must be left, or those of the shipped table. Goods that can expire and whose day nobody knows are not fresh.
    """
    if lot.expiry_date is None:
        return lot.shelf_life_days is None
    left = (lot.expiry_date - max(day, promised)).days
    return left >= (least_days_left(lot.shelf_life_days) if least is None else least)


def in_order(lots: Iterable[Candidate]) -> list[Candidate]:
    """Return the lots as they are to be taken: earliest expiry, lots without one last; then first received, then the older number."""
    return sorted(lots, key=lambda lot: (lot.expiry_date or date.max, lot.first_received_at, lot.lot_id))


def fill(wishes: Sequence[Wish], lots: Iterable[Candidate], *, left: dict[int, int]) -> list[Take] | None:
    """Return what fills every wish from lots of one place, in order; nothing if one wish cannot be filled whole.

    ``left`` holds the units per lot that earlier wishes of the same round have not taken; it is changed only by a success.
    """
    sorted_lots = in_order(lots)
    after = dict(left)
    takes: list[Take] = []
    for wish in wishes:
        missing = wish.quantity
        for lot in sorted_lots:
            units = min(missing, after.get(lot.lot_id, 0)) if lot.product_id == wish.product_id else 0
            if units > 0:
                after[lot.lot_id] -= units
                missing -= units
                takes.append(Take(wish.key, lot.lot_id, units))
        if missing:
            return None
    left.update(after)
    return takes


def fill_from_one_place(wishes: Sequence[Wish], lots: Iterable[Candidate], *, left: dict[int, int]) -> list[Take] | None:
    """Fill all wishes from one warehouse; of several that can, the one whose first lot is first in order."""
    for warehouse_id in dict.fromkeys(lot.warehouse_id for lot in in_order(lots)):
        takes = fill(wishes, [lot for lot in lots if lot.warehouse_id == warehouse_id], left=left)
        if takes is not None:
            return takes
    return None
