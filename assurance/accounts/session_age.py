"""How long a sign-in lasts: twelve hours in all, three hours without a request."""

from datetime import datetime, timedelta


def ends_at(*, started_at: datetime, seen_at: datetime, longest: timedelta, idle: timedelta) -> datetime:
    """Return when the session is over unless it is used again."""
    return min(started_at + longest, seen_at + idle)
