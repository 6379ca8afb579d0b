"""When announced goods are released, if everything goes as it should. Standard library only."""

from datetime import date, datetime, time, timedelta
from typing import Final

RECEIVED_BY: Final = time(18, 0)
"""Goods that are announced for a day without a time slot are counted as in by this hour."""


def arrival(expected_date: date, *, slot_ends_at: datetime | None, tz: object) -> datetime:
    """Return by when announced goods should be in: at the end of their time slot, else in the evening of the day."""
    return slot_ends_at or datetime.combine(expected_date, RECEIVED_BY, tz)  # type: ignore[arg-type]


def counted_from(promised: datetime, *, arrival: datetime, arrived: datetime) -> datetime:
    """Return by when the promise must be kept: what came later than announced moves it by as much."""
    return promised + max(timedelta(0), arrived - arrival)
