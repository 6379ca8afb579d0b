"""Pareto and p-chart, from figures alone."""

import pytest

from qc.quality.control import Sample, p_chart, pareto


class TestAPareto:
    def test_puts_the_most_frequent_first_and_adds_the_shares_up(self) -> None:
        bars = pareto({"a": 1, "b": 6, "c": 3, "d": 0})
        assert [(bar.code, bar.count, round(bar.share, 3)) for bar in bars] == [("b", 6, 0.6), ("c", 3, 0.9), ("a", 1, 1.0)]
        assert pareto({}) == ()

    def test_refuses_a_negative_count(self) -> None:
        with pytest.raises(ValueError, match="whole number"):
            pareto({"a": -1})


class TestAPChart:
    def test_has_limits_for_each_size_and_finds_what_is_beyond(self) -> None:
        chart = p_chart([Sample("one", 100, 2), Sample("two", 100, 3), Sample("three", 50, 20), Sample("four", 400, 8)])
        assert chart is not None
        assert round(chart.mean, 4) == round(33 / 650, 4)
        assert [(dot.name, round(dot.lower, 4), round(dot.upper, 4)) for dot in chart.dots] == [
            ("one", 0.0, 0.1166),
            ("two", 0.0, 0.1166),
            ("three", 0.0, 0.1439),
            ("four", 0.0178, 0.0837),
        ]
        assert [dot.name for dot in chart.out] == ["three"]
        assert p_chart([]) is None

    def test_refuses_a_sample_that_cannot_be(self) -> None:
        for size, failing in ((0, 0), (5, 6), (5, -1)):
            with pytest.raises(ValueError, match="at least one unit"):
                p_chart([Sample("x", size, failing)])
