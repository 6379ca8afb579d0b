"""When a rule fires, how sure it is, and what it says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.signals import actions, rules
from aftersales.signals.rules import Precision
from tests.factories import NOON

HOUR = timedelta(hours=1)


class TestSilence:
    @pytest.mark.parametrize(
        ("hours", "score", "fires"), [(0, "0.00", False), (47, "0.49", False), (48, "0.50", True), (96, "1.00", True), (900, "1.00", True)]
    )
    def test_grows_with_the_hours(self, hours: int, score: str, fires: bool) -> None:
        found = rules.silent_parcel(last_event_at=NOON - hours * HOUR, at=NOON)

        assert (found.score, found.fires) == (Decimal(score), fires)
        assert found.because == f"No event for {hours} hours; 48 are the limit."

    def test_is_nothing_where_a_clock_runs_backwards(self) -> None:
        assert rules.silent_parcel(last_event_at=NOON + HOUR, at=NOON).score == 0


class TestLateness:
    @pytest.mark.parametrize(("hours", "fires"), [(11, False), (12, True), (40, True)])
    def test_fires_half_a_day_after_the_promise(self, hours: int, fires: bool) -> None:
        assert rules.late_parcel(promised_at=NOON - hours * HOUR, at=NOON).fires is fires


class TestReturns:
    @pytest.mark.parametrize(
        ("grade", "wrong", "score"),
        [("a", False, "0.00"), ("b", False, "0.00"), ("c", False, "0.70"), ("d", False, "0.90"), ("b", True, "1.00")],
    )
    def test_fire_when_they_are_damaged_or_wrong(self, grade: str, wrong: bool, score: str) -> None:
        assert rules.return_graded(grade=grade, is_wrong_item=wrong).score == Decimal(score)

    @pytest.mark.parametrize(
        ("returned", "shipped", "fires"),
        [
            (0, 100, False),
            (2, 4, False),  # too few to say anything
            (3, 100, False),  # three are to be expected
            (8, 100, False),  # one lot of 84 has so many
            (9, 100, True),  # one lot of 263
            (3, 10, True),
        ],
    )
    def test_spike_when_chance_would_hardly_bring_them(self, returned: int, shipped: int, fires: bool) -> None:
        assert rules.return_spike(returned=returned, shipped=shipped).fires is fires

    def test_are_no_more_than_were_shipped(self) -> None:
        with pytest.raises(ValueError, match="5 of 4"):
            rules.return_spike(returned=5, shipped=4)

    def test_follow_the_poisson_distribution(self) -> None:
        assert rules.upper_tail(0, Decimal(3)) == 1
        assert round(rules.upper_tail(8, Decimal(3)), 6) == Decimal("0.011905")
        assert round(rules.upper_tail(9, Decimal(3)), 6) == Decimal("0.003803")


class TestPrecision:
    @pytest.mark.parametrize(
        ("opened", "decided", "confirmed", "share", "stop"),
        [(5, 0, 0, None, False), (30, 19, 0, "0.00", False), (30, 20, 3, "0.15", True), (30, 20, 4, "0.20", False)],
    )
    def test_is_what_was_confirmed_of_what_was_decided(
        self, opened: int, decided: int, confirmed: int, share: str | None, stop: bool
    ) -> None:
        figures = Precision(opened, decided, confirmed)

        assert figures.share == (None if share is None else Decimal(share))
        assert figures.says_stop is stop


class TestTheSentences:
    def test_are_those_that_are_kept_for_translation(self) -> None:
        kept = {actions.SILENT, actions.LATE, actions.LAB, actions.GRADED, actions.WRONG, actions.SPIKE}

        assert kept == {rules.SILENT, rules.LATE, rules.LAB, rules.GRADED, rules.WRONG, rules.SPIKE}
