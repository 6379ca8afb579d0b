"""Months of account, by Shanghai's calendar: half-open, from the first midnight to the next month's."""

from datetime import date, datetime, time

from assurance.calendar import SHANGHAI


def month_of(at: datetime) -> date:
    """Return the first day of the month that a moment lies in."""
    return day_of(at).replace(day=1)


def day_of(at: datetime) -> date:
    """Return the day that a moment lies in.

    :raises ValueError: for a moment without a zone
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(SHANGHAI).date()


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def end_of(month: date) -> datetime:
    """Return the moment at which a month is over."""
    return datetime.combine(next_month(month), time.min, SHANGHAI)
