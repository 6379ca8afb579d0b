"""Clocks of marketplaces may run backwards: such times are kept and named, never refused and never counted."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class ClockFlag(StrEnum):
    PAID_BEFORE_ORDERED = "paid_before_ordered"
    SHIP_BY_BEFORE_PAID = "ship_by_before_paid"
    PROMISED_BEFORE_PAID = "promised_before_paid"
    PROMISED_BEFORE_SHIP_BY = "promised_before_ship_by"


def clock_flags(*, ordered_at: datetime, paid_at: datetime, ship_by: datetime, promised_at: datetime) -> list[ClockFlag]:
    """Return what cannot be true of an order's times."""
    impossible = (
        (ClockFlag.PAID_BEFORE_ORDERED, paid_at < ordered_at),
        (ClockFlag.SHIP_BY_BEFORE_PAID, ship_by < paid_at),
        (ClockFlag.PROMISED_BEFORE_PAID, promised_at < paid_at),
        (ClockFlag.PROMISED_BEFORE_SHIP_BY, promised_at < ship_by),
    )
    return [flag for flag, is_so in impossible if is_so]
