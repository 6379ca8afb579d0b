"""Working days of mainland China: Mondays to Fridays without the announced holidays, with the announced make-up days.

The arrangement of a year is announced in the autumn before it. Past the last announced day nobody knows, and this
module says so instead of guessing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
DATA: Final = Path(__file__).resolve().parent.parent / "data" / "calendar"
SATURDAY: Final = 5


class CalendarEnds(LookupError):
    """The day lies outside the announced years; a new data file is needed."""


@dataclass(frozen=True)
class WorkingCalendar:
    """What was announced from ``first`` to ``last``, both included."""

    first: date
    last: date
    days_off: frozenset[date]
    working_weekends: frozenset[date]

    def is_working_day(self, day: date) -> bool:
        """:raises CalendarEnds: if nothing was announced for the day"""
        if not self.first <= day <= self.last:
            raise CalendarEnds(f"{day}: the calendar knows {self.first} to {self.last}")
        if day in self.working_weekends:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def days_after(self, day: date, working_days: int) -> date:
        """Return the day that many working days later; the day itself does not count.

        :raises CalendarEnds: if the count leaves the announced years
        """
        while working_days > 0:
            day += timedelta(days=1)
            working_days -= self.is_working_day(day)
        return day

    def moment_after(self, at: datetime, working_days: int) -> datetime:
        """Return the same time of day in Shanghai, that many working days later.

        :raises CalendarEnds: if the count leaves the announced years
        """
        local = at.astimezone(SHANGHAI)
        return datetime.combine(self.days_after(local.date(), working_days), local.time(), SHANGHAI).astimezone(at.tzinfo)


def weekdays_after(at: datetime, days: int) -> datetime:
    """Return the same time that many Mondays to Fridays later: the answer while a year's holidays are not announced."""
    local = at.astimezone(SHANGHAI)
    day = local.date()
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return datetime.combine(day, local.time(), SHANGHAI).astimezone(at.tzinfo)


@cache
def china() -> WorkingCalendar:
    """Return the newest calendar that is shipped."""
    newest = max(DATA.glob("cn_*.json"), key=lambda path: path.stem.rsplit("_", 1)[-1])
    told = json.loads(newest.read_text(encoding="utf-8"))
    return WorkingCalendar(
        first=date.fromisoformat(told["first_date"]),
        last=date.fromisoformat(told["last_date"]),
        days_off=_days(told["days_off"]),
        working_weekends=_days(told["working_weekends"]),
    )


def _days(written: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in written)
