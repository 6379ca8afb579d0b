"""When a certificate holds and when its end is told (P1.4)."""

from collections.abc import Collection
from datetime import date
from typing import Final

NOTICE_DAYS: Final = (30, 7, 0)
"""So many days before its last day people are told that a certificate ends."""


def holds(*, valid_from: date | None, expires: date | None, day: date) -> bool:
    """Say whether a certificate's dates cover this day; its last day is one of them."""
    return (valid_from is None or valid_from <= day) and (expires is None or day <= expires)


def due(expires: date, day: date, told: Collection[int]) -> list[int]:
    """Return the notices that are due and not yet told, the most urgent last; those that were slept through are among them."""
    left = (expires - day).days
    return [days for days in NOTICE_DAYS if left <= days and days not in told]
