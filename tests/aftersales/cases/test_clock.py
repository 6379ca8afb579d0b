"""Deadlines in working time. 20 November 2026 is a Friday; the desk works 9–12 and 13:30–18:30 in Shanghai."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aftersales.cases.clock import DESK, POLICIES, STANDARD, WATCH, Hours, Policy, Times, deadlines, every_day
from assurance.calendar import SHANGHAI

HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.row("P14.1")
class TestWorkingTime:
    @pytest.mark.parametrize(
        ("start", "hours", "end"),
        [
            (at(20, 9), 1, at(20, 10)),
            (at(20, 9), 3, at(20, 12)),
            (at(20, 9), 4, at(20, 14, 30)),  # the pause at noon
            (at(20, 12, 30), 1, at(20, 14, 30)),
            (at(20, 17, 30), 2, at(23, 10)),  # over the weekend
            (at(21, 10), 1, at(23, 10)),  # a Saturday
            (at(30, 18, month=9), 1, at(8, 9, 30, month=10)),  # over the national holiday
        ],
    )
    def test_counts_periods_weekends_and_holidays(self, start: datetime, hours: int, end: datetime) -> None:
        assert DESK.after(start, hours * HOUR) == end
        assert DESK.between(start, end) == hours * HOUR

    def test_works_on_a_weekend_that_makes_up_for_a_holiday(self) -> None:
        assert DESK.after(at(10, 9, month=10), HOUR) == at(10, 10, month=10)  # a Saturday of work

    def test_keeps_the_zone_it_was_asked_in(self) -> None:
        asked = at(20, 9).astimezone(UTC)

        assert DESK.after(asked, HOUR).tzinfo is UTC
        assert DESK.after(asked, HOUR) == at(20, 10)

    def test_goes_by_its_own_zone(self) -> None:
        berlin = Hours(((time(9), time(17)),), every_day, ZoneInfo("Europe/Berlin"))

        assert berlin.after(at(20, 9), HOUR) == at(20, 17)  # nine o'clock in Berlin is four in the afternoon here

    def test_is_nothing_backwards_and_at_night(self) -> None:
        assert DESK.between(at(20, 14), at(20, 10)) == timedelta()
        assert DESK.between(at(20, 20), at(20, 23)) == timedelta()

    def test_goes_on_where_no_holidays_are_announced(self) -> None:
        assert DESK.after(datetime(2035, 1, 5, 18, tzinfo=SHANGHAI), HOUR) == datetime(2035, 1, 8, 9, 30, tzinfo=SHANGHAI)

    def test_refuses_what_never_comes(self) -> None:
        with pytest.raises(ValueError, match="never works"):
            Hours(((time(9), time(10)),), lambda day: False).after(at(20, 9), HOUR)


class TestDeadlines:
    @pytest.mark.row("P14.1")
    def test_let_no_update_be_due_before_the_first_answer(self) -> None:
        policy = Policy(WATCH, first_response=4 * HOUR, update=HOUR, resolution=30 * HOUR)

        due = deadlines(policy, Times(opened_at=at(20, 9)))

        assert due.next_update == due.first_response == at(20, 13)
        answered = deadlines(policy, Times(opened_at=at(20, 9), first_responded_at=at(20, 10), updated_at=at(20, 10)))
        assert answered.next_update == at(20, 11)

    @pytest.mark.row("P14.2")
    def test_move_by_the_time_the_clock_stood(self) -> None:
        policy = POLICIES[STANDARD]

        without, paused = (deadlines(policy, Times(opened_at=at(20, 9), paused=pause)) for pause in (timedelta(), 2 * HOUR))

        assert DESK.between(without.resolution, paused.resolution) == 2 * HOUR
        assert without.first_response == paused.first_response

    def test_name_what_comes_next(self) -> None:
        due = deadlines(POLICIES[STANDARD], Times(opened_at=at(20, 9)))

        assert due.nearest(answered=False) == due.first_response
        assert due.nearest(answered=True) == due.next_update
