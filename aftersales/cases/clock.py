"""By when a case must be answered: deadlines in working time, with several periods a day, holidays and a pause.

A deadline is the moment at which an allowance of working time is used up. What is stored are the moments a case was opened, answered
and updated and how much working time it stood paused; deadlines follow from these and the policy, so a changed policy keeps the time
that was already used (P14.1, P14.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from assurance.calendar import SATURDAY, SHANGHAI, CalendarEnds, china

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from zoneinfo import ZoneInfo

NOTHING: Final = timedelta()
LONGEST: Final = timedelta(days=3650)


@dataclass(frozen=True)
class Hours:
    """When the desk works: periods of a day, in order and without overlap, on the days that ``is_open`` says, in one time zone."""

    periods: tuple[tuple[time, time], ...]
    is_open: Callable[[date], bool]
    zone: ZoneInfo = SHANGHAI

    def spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the working spans from a moment on, the first one cut at it."""
        day, last = since.astimezone(self.zone).date(), since + LONGEST
        while datetime.combine(day, time.min, self.zone) < last:
            if self.is_open(day):
                for start, end in self.periods:
                    begins, ends = datetime.combine(day, start, self.zone), datetime.combine(day, end, self.zone)
                    if ends > since:
                        yield max(begins, since), ends
            day += timedelta(days=1)

    def after(self, at: datetime, working: timedelta) -> datetime:
        """Return the moment at which so much working time has passed.

        :raises ValueError: if the desk never works that long
        """
        left = working
        for begins, ends in self.spans(at):
            if left <= ends - begins:
                return (begins + left).astimezone(at.tzinfo)
            left -= ends - begins
        raise ValueError("the desk never works that long")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two moments; nothing if they are the wrong way round."""
        total = NOTHING
        for begins, ends in self.spans(start):
            if begins >= end:
                break
            total += min(ends, end) - begins
        return total


@dataclass(frozen=True)
class Policy:
    """How much working time may pass until the first answer, between two updates, and until the decision."""

    hours: Hours
    first_response: timedelta
    update: timedelta
    resolution: timedelta


@dataclass(frozen=True)
class Times:
    """What happened so far. ``paused`` is working time; ``updated_at`` is the last time the platform let hear of itself."""

    opened_at: datetime
    first_responded_at: datetime | None = None
    updated_at: datetime | None = None
    paused: timedelta = NOTHING


@dataclass(frozen=True)
class Deadlines:
    """The three deadlines and the one that comes next."""

    first_response: datetime
    next_update: datetime
    resolution: datetime

    def nearest(self, *, answered: bool) -> datetime:
        """Return what must be kept next; the first response is over once it was given."""
        return min(self.next_update, self.resolution) if answered else min(self.first_response, self.resolution)


def deadlines(policy: Policy, times: Times) -> Deadlines:
    """Return the deadlines of a case under a policy.

    Until the first answer no update is due before it: a shorter update time never overrules the first response.
    """
    after = policy.hours.after
    first = after(times.opened_at, policy.first_response)
    update = after(times.updated_at or times.opened_at, policy.update)
    return Deadlines(
        first_response=first,
        next_update=update if times.first_responded_at else max(first, update),
        resolution=after(times.opened_at, policy.resolution + times.paused),
    )


def is_working_day(day: date) -> bool:
    """Return what the announced calendar says; outside its years Mondays to Fridays."""
    try:
        return china().is_working_day(day)
    except CalendarEnds:
        return day.weekday() < SATURDAY


def every_day(day: date) -> bool:  # noqa: ARG001  every day is alike
    return True


DESK: Final = Hours(((time(9), time(12)), (time(13, 30), time(18, 30))), is_working_day)
WATCH: Final = Hours(((time(8), time(23)),), every_day)
STANDARD: Final = "standard"
URGENT: Final = "urgent"
POLICIES: Final[Mapping[str, Policy]] = {
    STANDARD: Policy(DESK, timedelta(hours=4), timedelta(hours=8), timedelta(hours=40)),
    URGENT: Policy(WATCH, timedelta(hours=1), timedelta(hours=4), timedelta(hours=30)),
}
"""``urgent`` is for what can hurt somebody: the watch works every day from 8 to 23."""
APPEAL_WINDOW: Final = timedelta(days=7)
"""After a decision each side may appeal once so long."""
