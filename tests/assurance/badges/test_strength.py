"""The upper bound of a share, against values that anybody can compute."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assurance.badges.strength import at_most, upper_bound


class TestTheUpperBound:
    def test_without_a_defect_is_the_closed_form(self) -> None:
        # nobody of n: (1 - p)^n = 0.05, so p = 1 - 0.05^(1/n)
        assert upper_bound(200, 0, 0.95) == pytest.approx(1 - 0.05 ** (1 / 200), abs=1e-12)

    def test_of_one_in_1250_is_038_percent(self) -> None:
        assert upper_bound(1250, 1, 0.95) == pytest.approx(0.0037894, abs=1e-7)

    def test_is_one_when_everything_was_defective(self) -> None:
        assert upper_bound(5, 5, 0.95) == 1.0

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
        ("inspected", "defective", "confidence"), [(0, 0, 0.95), (5, 6, 0.95), (5, -1, 0.95), (5, 1, 0.0), (5, 1, 1.0)]
    )
    def test_refuses_the_impossible(self, inspected: int, defective: int, confidence: float) -> None:
        with pytest.raises(ValueError, match="defective of|confidence"):
            upper_bound(inspected, defective, confidence)
