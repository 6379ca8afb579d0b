"""What was promised against what happened, leg by leg. Days are those of Shanghai.

A pick-up before the payment is a wrong clock: it is told, and counts neither as kept nor as broken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
PICKED_WITHIN: Final = timedelta(hours=24)
"""Paid to picked up."""
PUBLIC_FLOOR: Final = 10
"""So many parcels make a merchant's share worth showing."""


class Kept(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    CLOCK = "clock"
    """The clocks contradict each other: not counted."""


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of one parcel; what has not happened is None."""

    paid_at: datetime
    picked_up_at: datetime | None = None
    delivered_at: datetime | None = None
    promised_date: date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Many parcels, counted."""

    paid_and_picked: int = 0
    within_24h: int = 0
    picked_before_paid: int = 0
    delivered: int = 0
    delivered_late: int = 0

    @property
    def counted(self) -> int:
        """How many the share is taken of: without those whose clocks contradict each other."""
        return self.paid_and_picked - self.picked_before_paid


def pick_up(times: Times, *, at: datetime) -> Kept:
    """Judge whether the parcel was picked up within 24 hours of its payment."""
    if times.picked_up_at is None:
        return Kept.BROKEN if at > times.paid_at + PICKED_WITHIN else Kept.OPEN
    if times.picked_up_at < times.paid_at:
        return Kept.CLOCK
    return Kept.KEPT if times.picked_up_at <= times.paid_at + PICKED_WITHIN else Kept.BROKEN


def delivery(times: Times, *, at: datetime) -> Kept:
    """Judge whether the parcel arrived by the end of the promised day; without a promise nothing can be broken."""
    if times.promised_date is None:
        return Kept.OPEN if times.delivered_at is None else Kept.KEPT
    day = (times.delivered_at or at).astimezone(SHANGHAI).date()
    if day > times.promised_date:
        return Kept.BROKEN
    return Kept.OPEN if times.delivered_at is None else Kept.KEPT


def count(parcels: Iterable[Times]) -> Figures:
    """Count pick-ups and deliveries of parcels that were paid."""
    picked = within = before = delivered = late = 0
    for times in parcels:
        if times.picked_up_at is not None:
            verdict = pick_up(times, at=times.picked_up_at)
            picked += 1
            within += verdict == Kept.KEPT
            before += verdict == Kept.CLOCK
        if times.delivered_at is not None:
            delivered += 1
            late += delivery(times, at=times.delivered_at) == Kept.BROKEN
    return Figures(picked, within, before, delivered, late)
