"""Working days of mainland China."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assurance.calendar import SHANGHAI, CalendarEnds, china, weekdays_after


class TestAWorkingDay:
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            (date(2026, 11, 20), True),  # a Friday
            (date(2026, 11, 21), False),  # a Saturday
            (date(2026, 10, 1), False),  # National Day, a Thursday
            (date(2026, 10, 10), True),  # a Saturday worked for it
            (date(2026, 2, 15), False),  # the first day of Spring Festival, a Sunday
            (date(2026, 2, 28), True),  # a Saturday worked for it
            (date(2004, 1, 1), False),
            (date(2026, 12, 31), True),
        ],
    )
    def test_is_told_by_the_announced_arrangement(self, day, works):
        assert china().is_working_day(day) is works

    @pytest.mark.parametrize("day", [date(2003, 12, 31), date(2027, 1, 1)])
    def test_is_not_guessed_where_nothing_was_announced(self, day):
        with pytest.raises(CalendarEnds):
            china().is_working_day(day)


class TestCountingOnwards:
    @pytest.mark.parametrize(
        ("start", "days", "end"),
        [
            (date(2026, 11, 18), 2, date(2026, 11, 20)),
            (date(2026, 11, 20), 2, date(2026, 11, 24)),  # over a weekend
            (date(2026, 9, 30), 2, date(2026, 10, 9)),  # over National Day: the 8th and the 9th
            (date(2026, 10, 9), 1, date(2026, 10, 10)),  # a Saturday that is worked
            (date(2026, 11, 21), 0, date(2026, 11, 21)),
        ],
    )
    def test_leaves_the_first_day_out(self, start, days, end):
        assert china().days_after(start, days) == end

    def test_keeps_the_time_of_day_in_shanghai(self):
        late_in_london = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # 07:30 on Friday the 20th in Shanghai

        due = china().moment_after(late_in_london, 2)

        assert due == datetime(2026, 11, 24, 7, 30, tzinfo=SHANGHAI)
        assert due.tzinfo is UTC

    def test_stops_loudly_where_the_calendar_ends(self):
        with pytest.raises(CalendarEnds, match="2026-12-31"):
            china().days_after(date(2026, 12, 30), 2)

    def test_can_count_weekdays_while_a_year_is_not_announced(self):
        assert weekdays_after(datetime(2026, 12, 30, 4, tzinfo=UTC), 2) == datetime(2027, 1, 1, 4, tzinfo=UTC)
        assert weekdays_after(datetime(2027, 1, 1, 4, tzinfo=UTC), 1) == datetime(2027, 1, 4, 4, tzinfo=UTC)
