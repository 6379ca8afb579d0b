from fractions import Fraction
from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qc.inspections.oc import consumers_risk_quality, curve, probability_of_acceptance, producers_risk, quality_accepted_with


def accepted(n, c, p):
    return probability_of_acceptance(sample_size=n, accept=c, fraction_nonconforming=p)


def exactly(n, c, p):
    """The same sum in whole numbers: no rounding before the last step."""
    p = Fraction(p)
    return float(sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(min(n, c) + 1)))


class TestTheProbabilityOfAcceptance:
    @pytest.mark.parametrize(
        ("n", "c", "p", "by_hand"),
        [
            (2, 0, 0.5, 0.25),  # both good: 1/2 · 1/2
            (2, 1, 0.5, 0.75),  # all but both bad
            (3, 1, 0.1, 0.972),  # 0.729 + 3 · 0.1 · 0.81
            (3, 0, 0.1, 0.729),
            (5, 0, 0.2, 0.32768),  # 0.8^5
            (8, 1, 0.1, 0.81310473),  # 0.9^8 + 8 · 0.1 · 0.9^7 = 0.43046721 + 0.38263752
            (2, 0, 0.1, 0.81),
            (20, 0, 0.05, 0.3584859224085422),  # 0.95^20
        ],
    )
    def test_is_what_a_pencil_finds(self, n, c, p, by_hand):
        assert accepted(n, c, p) == pytest.approx(by_hand, rel=1e-12)

    @given(st.integers(1, 200), st.integers(0, 60), st.floats(1e-6, 1 - 1e-6))
    def test_equals_the_sum_in_whole_numbers(self, n, c, p):
        assert isclose(accepted(n, c, p), exactly(n, c, p), rel_tol=1e-11, abs_tol=1e-290)

    @pytest.mark.parametrize(("n", "c", "p"), [(3150, 1, 1 / 4000), (2000, 21, 0.007), (1250, 21, 0.02), (800, 0, 0.0001)])
    def test_holds_for_the_largest_plans(self, n, c, p):
        assert accepted(n, c, p) == pytest.approx(exactly(n, c, p), rel=1e-12)

    def test_stays_sound_for_a_sample_of_a_million(self):
        assert accepted(10**6, 10**6 // 2, 0.5) == pytest.approx(0.5 + 0.5 * 0.000797884, abs=1e-9)  # half, and half the middle term
        assert accepted(10**6, 0, 0.5) == 0.0  # 2^-1000000 is below every float
        assert accepted(10**6, 0, 1e-9) == pytest.approx(0.999000499833, abs=1e-12)

    @given(st.integers(1, 300), st.integers(0, 40), st.floats(0, 1), st.floats(0, 1))
    def test_never_rises_as_goods_get_worse(self, n, c, one, other):
        better, worse = sorted((one, other))

        assert accepted(n, c, better) >= accepted(n, c, worse) - 1e-12

    @pytest.mark.parametrize(
        ("c", "p", "expected"), [(0, 0.0, 1.0), (0, 1.0, 0.0), (4, 1.0, 0.0), (5, 1.0, 1.0), (5, 0.3, 1.0), (9, 0.3, 1.0)]
    )
    def test_is_certain_at_the_ends(self, c, p, expected):
        assert accepted(5, c, p) == expected

    @pytest.mark.parametrize(
        ("n", "c", "p"),
        [
            *[(0, 0, 0.1), (-1, 0, 0.1), (5, -1, 0.1), (True, 0, 0.1), (5, False, 0.1), (5.5, 0, 0.1), (5, 0.5, 0.1)],
            *[(5, 0, -0.1), (5, 0, 1.1), (5, 0, float("nan"))],
        ],
    )
    def test_refuses_what_is_no_plan_or_no_fraction(self, n, c, p):
        with pytest.raises(ValueError, match=r"no such plan|a fraction lies"):
            accepted(n, c, p)


class TestTheConsumersRiskQuality:
    @pytest.mark.parametrize(
        ("n", "c", "quality"),
        [
            (1, 0, 0.9),
            (2, 0, 0.6837722339831621),  # 1 - sqrt(0.1)
            (13, 0, 0.1623223599317081),  # 1 - 0.1^(1/13)
            (80, 2, 0.0651596669916),
        ],
    )
    def test_is_accepted_one_time_in_ten(self, n, c, quality):
        assert consumers_risk_quality(sample_size=n, accept=c) == pytest.approx(quality, abs=1e-12)
        assert accepted(n, c, quality) == pytest.approx(0.1, abs=1e-10)

    def test_is_none_where_everything_is_accepted(self):
        assert consumers_risk_quality(sample_size=2, accept=2) is None

    @pytest.mark.parametrize("probability", [0, 1, -0.1, 1.5, float("nan")])
    def test_needs_a_probability_inside_nought_and_one(self, probability):
        with pytest.raises(ValueError, match="inside 0 and 1"):
            quality_accepted_with(probability, sample_size=5, accept=0)


class TestTheProducersRisk:
    @pytest.mark.parametrize(("n", "c", "aql", "risk"), [(2, 0, "10", 0.19), (8, 1, "10", 0.18689527), (5, 0, "2.5", 1 - 0.975**5)])
    def test_is_the_rejection_of_lots_at_the_aql(self, n, c, aql, risk):
        assert producers_risk(sample_size=n, accept=c, aql=aql) == pytest.approx(risk, abs=1e-12)

    @pytest.mark.parametrize("aql", ["0", "15", "1000", "abc"])
    def test_has_no_meaning_where_the_aql_is_no_share_of_units(self, aql):
        with pytest.raises(ValueError, match=r"not a percentage|could not convert"):
            producers_risk(sample_size=80, accept=5, aql=aql)


class TestTheCurve:
    def test_falls_from_one_to_one_per_cent(self):
        points = curve(sample_size=80, accept=5)

        chances = [point.probability_of_acceptance for point in points]
        assert len(points) == 61
        assert (points[0].fraction_nonconforming, chances[0]) == (0.0, 1.0)
        assert chances == sorted(chances, reverse=True)
        assert chances[-1] == pytest.approx(0.01, abs=1e-9)

    def test_ends_where_it_is_told(self):
        points = curve(sample_size=5, accept=0, points=3, up_to=0.2)

        assert [point.fraction_nonconforming for point in points] == [0.0, 0.1, 0.2]
        assert points[2].probability_of_acceptance == pytest.approx(0.32768, rel=1e-12)

    def test_of_a_plan_that_accepts_everything_is_level(self):
        assert {point.probability_of_acceptance for point in curve(sample_size=2, accept=2)} == {1.0}

    def test_needs_two_points(self):
        with pytest.raises(ValueError, match="at least 2 points"):
            curve(sample_size=5, accept=0, points=1)
