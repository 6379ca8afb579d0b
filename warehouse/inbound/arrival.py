"""Decide from what was scanned and read whether goods are what was announced, and fit to be taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Flaw(StrEnum):
    """What is wrong with the dates on a package."""

    EXPIRY_MISSING = "expiry_missing"
    FROM_THE_FUTURE = "dates_from_the_future"
    INCONSISTENT = "dates_inconsistent"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Found:
    """One flaw and the field it stands in."""

    flaw: Flaw
    field: str


def is_of(scanned: str, *, sku: str, gtin: str) -> bool:
    """Say whether a scanned code names this product: its SKU as written, or its GTIN with or without leading zeros.

    A carton's GTIN-14 with another indicator digit is another trade item and does not count.
    """
    if scanned == sku:
        return True
    return bool(gtin) and scanned.isascii() and scanned.isdigit() and 8 <= len(scanned) <= 14 and scanned.zfill(14) == gtin.zfill(14)


def looks_like_gtin(scanned: str) -> bool:
    """Say whether a code has the shape of a GTIN, so that its check digit can be asked for."""
    return scanned.isascii() and scanned.isdigit() and len(scanned) in (8, 12, 13, 14)


def judge_dates(*, produced: date | None, expiry: date | None, needs_expiry: bool, day: date) -> Found | None:
    """Return the first flaw of the dates on a package on the ``day`` it stands at the door, or nothing.

    Goods may be taken in on their last day; whether they are fresh enough is another rule's question.
    """
    if needs_expiry and expiry is None:
        return Found(Flaw.EXPIRY_MISSING, "expiry_date")
    if produced is not None and produced > day:
        return Found(Flaw.FROM_THE_FUTURE, "produced_date")
    if produced is not None and expiry is not None and expiry <= produced:
        return Found(Flaw.INCONSISTENT, "expiry_date")
    if expiry is not None and expiry < day:
        return Found(Flaw.EXPIRED, "expiry_date")
    return None
