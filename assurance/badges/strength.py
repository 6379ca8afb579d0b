"""How much a sample says: the exact upper bound for a share (Clopper and Pearson, 1934)."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

STEPS = 60
"""Halvings of the interval: the bound is exact to the last bit that a float holds."""


def upper_bound(inspected: int, defective: int, confidence: float) -> float:
    """Return the share of defective units that is not exceeded with this one-sided confidence.

    :param confidence: between 0 and 1, both excluded; 0.95 means 95 %
    :raises ValueError: for impossible counts or a confidence outside its range
    """
    if not 0 <= defective <= inspected or inspected < 1:
        raise ValueError(f"{defective} defective of {inspected} inspected")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    if defective == inspected:
        return 1.0
    low, high = defective / inspected, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if at_most(defective, inspected, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def at_most(count: int, trials: int, share: float) -> float:
    """Return the binomial probability of at most ``count`` hits in ``trials``, for a share strictly between 0 and 1."""
    if share >= 1.0:
        return 1.0 if count >= trials else 0.0
    if share <= 0.0:
        return 1.0
    hit, miss = log(share), log1p(-share)
    return min(
        1.0,
        sum(exp(lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) + k * hit + (trials - k) * miss) for k in range(count + 1)),
    )
