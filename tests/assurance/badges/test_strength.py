"""The upper bound of a share, against values that anybody can compute."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assurance.badges.strength import FRESH_DAYS, HALF_LIFE_DAYS, at_most, counted, upper_bound

ROOT = Path(__file__).resolve().parents[3]
KNOWN = [
    (1, 0, 0.95, 0.95),
    (20, 1, 0.95, 0.21610616420685),
    (80, 0, 0.95, 0.03675419777998),
    (80, 2, 0.95, 0.07661087675377),
    (125, 3, 0.95, 0.06085858288957),
    (200, 5, 0.9, 0.04587869036775),
    (1250, 14, 0.99, 0.02026370801834),
    (2000, 21, 0.5, 0.01083198183506),
    (3000, 1500, 0.95, 0.51517730250469),
    (50, 49, 0.999, 0.99997999019353),
]
"""Worked out apart from our code: exact binomial sums in 60-digit decimals, halved 120 times."""


class TestTheUpperBound:
    def test_without_a_defect_is_the_closed_form(self) -> None:
        # nobody of n: (1 - p)^n = 0.05, so p = 1 - 0.05^(1/n)
        assert upper_bound(200, 0, 0.95) == pytest.approx(1 - 0.05 ** (1 / 200), abs=1e-12)

    def test_of_one_in_1250_is_038_percent(self) -> None:
        assert upper_bound(1250, 1, 0.95) == pytest.approx(0.0037894, abs=1e-7)

    def test_is_one_when_everything_was_defective_or_nothing_inspected(self) -> None:
        assert upper_bound(5, 5, 0.95) == upper_bound(0, 0, 0.95) == 1.0

    @pytest.mark.parametrize(("inspected", "defective", "confidence", "bound"), KNOWN)
    def test_is_exact(self, inspected: int, defective: int, confidence: float, bound: float) -> None:
        assert upper_bound(inspected, defective, confidence) == pytest.approx(bound, abs=1e-9)

    def test_needs_neither_settings_nor_a_database(self) -> None:
        code = "from assurance.badges.strength import upper_bound; print(upper_bound(20, 1, 0.95))"
        said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=True)

        assert float(said.stdout) == pytest.approx(0.21610616420685, abs=1e-9)

    @settings(deadline=None)
    @given(inspected=st.integers(1, 3000), share=st.floats(0, 0.99), confidence=st.floats(0.5, 0.999))
    def test_leaves_exactly_the_doubt_that_was_asked_for(self, inspected: int, share: float, confidence: float) -> None:
        defective = int(inspected * share)

        bound = upper_bound(inspected, defective, confidence)

        assert at_most(defective, inspected, bound) == pytest.approx(1 - confidence, abs=1e-6)

    @settings(deadline=None)
    @given(inspected=st.integers(2, 2000), defective=st.integers(0, 50))
    def test_falls_with_every_further_good_unit(self, inspected: int, defective: int) -> None:
        if defective <= inspected:
            assert upper_bound(inspected + 1, defective, 0.95) <= upper_bound(inspected, defective, 0.95)

    @pytest.mark.parametrize(
        ("inspected", "defective", "confidence"), [(0, 1, 0.95), (-1, 0, 0.95), (5, 6, 0.95), (5, -1, 0.95), (5, 1, 0.0), (5, 1, 1.0)]
    )
    def test_refuses_the_impossible(self, inspected: int, defective: int, confidence: float) -> None:
        with pytest.raises(ValueError, match="defective of|confidence"):
            upper_bound(inspected, defective, confidence)


@pytest.mark.row("A11.4")
class TestAgeing:
    def test_leaves_a_fresh_sample_as_it_is(self) -> None:
        assert counted([(80, 1, 0)]) == counted([(80, 1, FRESH_DAYS)]) == (80, 1)

    def test_halves_the_good_units_every_half_life_and_no_defect(self) -> None:
        assert counted([(81, 1, FRESH_DAYS + HALF_LIFE_DAYS)]) == (41, 1)

    def test_adds_lots_up_before_it_rounds(self) -> None:
        assert counted([(80, 1, 0), (40, 0, FRESH_DAYS + HALF_LIFE_DAYS)]) == (100, 1)

    def test_never_lowers_the_bound(self) -> None:
        bounds = [upper_bound(*counted([(80, 2, days)]), 0.95) for days in range(0, 4_000, 37)]

        assert bounds == sorted(bounds)
        assert (bounds[0], bounds[-1]) == (pytest.approx(0.07661087675377, abs=1e-9), 1.0)
