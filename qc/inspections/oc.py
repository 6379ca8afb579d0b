"""How well a plan tells good lots from bad: its operating characteristic (OC) curve.

A lot from a process that makes a fraction p of failing units is accepted with the binomial
probability of at most Ac failing units among n. Meant for AQL 10 and below, where Ac counts
units; the AQLs above count defects and have no such curve here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qc.inspections.sampling import counts_units

CONSUMERS_RISK = 0.10  # the acceptance at which the standard states the consumer's risk quality


@dataclass(frozen=True)
class Point:
    """One point of the curve: how often a lot of this quality is accepted."""

    fraction_nonconforming: float
    probability_of_acceptance: float


def probability_of_acceptance(*, sample_size: int, accept: int, fraction_nonconforming: float) -> float:
    """Return the probability that at most ``accept`` of ``sample_size`` units fail.

    Right to about 13 digits for any n that fits a float. ``accept`` may reach the sample size or
    pass it (small lots under a large AQL do): such a plan accepts everything.

    :raises ValueError: for a sample below 1, a negative Ac, or a fraction outside 0–1
    """
    _check_plan(sample_size, accept)
    if not 0 <= fraction_nonconforming <= 1:  # also refuses NaN
        raise ValueError(f"a fraction lies between 0 and 1, not {fraction_nonconforming!r}")
    p = float(fraction_nonconforming)
    if accept >= sample_size or p == 0:
        return 1.0
    if p == 1:
        return 0.0
    return min(1.0, _sum_of_terms(sample_size, accept, p))


def quality_accepted_with(probability: float, *, sample_size: int, accept: int) -> float | None:
    """Return the fraction nonconforming at which a lot is accepted with this probability.

    None if the plan accepts everything. :raises ValueError: for a probability not inside 0–1
    """
    _check_plan(sample_size, accept)
    if not 0 < probability < 1:
        raise ValueError(f"a probability inside 0 and 1 is needed, not {probability!r}")
    if accept >= sample_size:
        return None
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:  # ends when no float lies between
        accepted = probability_of_acceptance(sample_size=sample_size, accept=accept, fraction_nonconforming=middle)
        low, high = (middle, high) if accepted > probability else (low, middle)
    return high


def consumers_risk_quality(*, sample_size: int, accept: int) -> float | None:
    """Return the fraction nonconforming that still slips through one time in ten."""
    return quality_accepted_with(CONSUMERS_RISK, sample_size=sample_size, accept=accept)


def producers_risk(*, sample_size: int, accept: int, aql: str) -> float:
    """Return how often a lot exactly at its AQL is rejected.

    :raises ValueError: for an AQL that is not a percentage of units (``"0"``, or above 10)
    """
    percent = float(aql)
    if not (percent > 0 and counts_units(aql)):
        raise ValueError(f"AQL {aql} is not a percentage of failing units")
    return 1.0 - probability_of_acceptance(sample_size=sample_size, accept=accept, fraction_nonconforming=percent / 100)


def curve(*, sample_size: int, accept: int, points: int = 61, up_to: float | None = None) -> tuple[Point, ...]:
    """Return evenly spaced points from a faultless process on.

    ``up_to`` is the last fraction; by default where 1 % of lots are still accepted.
    """
    if points < 2:
        raise ValueError(f"a curve needs at least 2 points, not {points}")
    if up_to is None:
        up_to = quality_accepted_with(0.01, sample_size=sample_size, accept=accept) or 1.0
    fractions = [up_to * step / (points - 1) for step in range(points)]
    return tuple(
        Point(
            fraction,
            probability_of_acceptance(sample_size=sample_size, accept=accept, fraction_nonconforming=fraction),
        )
        for fraction in fractions
    )


def _check_plan(sample_size: object, accept: object) -> None:
    for number, least in ((sample_size, 1), (accept, 0)):
        if isinstance(number, bool) or not isinstance(number, int) or number < least:
            raise ValueError(f"no such plan: n {sample_size!r}, Ac {accept!r}")


def _sum_of_terms(n: int, accept: int, p: float) -> float:
    """Sum the binomial terms 0..accept, outward from the largest of them.

    Each term follows from its neighbour by a ratio, so only the first needs logarithms, and the
    sum stops where terms no longer count.
    """
    peak = min(accept, int((n + 1) * p))
    odds = p / (1 - p)
    first = _term(n, peak, p)
    terms = [first]
    term = first
    for k in range(peak, 0, -1):
        term *= k / ((n - k + 1) * odds)
        if term < first * 1e-18:
            break
        terms.append(term)
    term = first
    for k in range(peak, accept):
        term *= (n - k) * odds / (k + 1)
        if term < first * 1e-18:
            break
        terms.append(term)
    return math.fsum(terms)


def _term(n: int, k: int, p: float) -> float:
    """Return the probability of exactly k, for 0 <= k < n and 0 < p < 1.

    Loader's saddle-point form (2000): no factorials that overflow, no large numbers that cancel.
    """
    if k == 0:
        return math.exp(n * math.log1p(-p))
    error = _stirling_error(n) - _stirling_error(k) - _stirling_error(n - k)
    distance = _deviance(k, n * p) + _deviance(n - k, n * (1 - p))
    return math.exp(error - distance) * math.sqrt(n / (math.tau * k * (n - k)))


def _stirling_error(n: int) -> float:
    """Return log(n!) minus Stirling's approximation to it."""
    if n <= 15:
        return math.log(math.factorial(n)) - ((n + 0.5) * math.log(n) - n + 0.5 * math.log(math.tau))
    square = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n


def _deviance(x: float, mean: float) -> float:
    """Return x·log(x/mean) + mean − x, without losing digits where x is close to the mean."""
    gap = (x - mean) / (x + mean)
    if abs(gap) > 0.1:
        return x * math.log(x / mean) + mean - x
    # x·log(x/mean) = 2x·(v + v³/3 + v⁵/5 + …) for v = gap; the first term joins mean − x.
    total, power, odd = (x - mean) * gap, 2 * x * gap, 1
    while True:
        power *= gap * gap
        odd += 2
        grown = total + power / odd
        if grown == total:
            return total
        total = grown
