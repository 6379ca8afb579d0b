"""How much a sample says: the exact upper bound for a share (Clopper and Pearson, 1934), and how that fades with its age.

**Ageing.** For ``FRESH_DAYS`` a sample counts in full; from then on it halves every ``HALF_LIFE_DAYS``. Only the good units fade: a defect
that was found stays found. So the bound never falls by waiting, and an old sample says less and less until it says nothing (1.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import exp, expm1, lgamma, log, log1p
from typing import Final

FRESH_DAYS: Final = 30
HALF_LIFE_DAYS: Final = 90
CONFIDENCE: Final = 0.95
STEPS: Final = 200
"""Halvings of the interval at most: it ends when a float can hold no finer bound."""
TINY: Final = 1e-300
CLOSE: Final = 4e-16


def upper_bound(inspected: int, defective: int, confidence: float) -> float:
    """Return the share of defective units that is not exceeded with this one-sided confidence. Nothing inspected says nothing: 1.0.

    :param confidence: between 0 and 1, both excluded; 0.95 means 95 %
    :raises ValueError: for impossible counts or a confidence outside its range
    """
    if inspected != int(inspected) or defective != int(defective) or not 0 <= defective <= inspected:
        raise ValueError(f"{defective} defective of {inspected} inspected")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence}")
    if defective == inspected:
        return 1.0
    if defective == 0:
        return -expm1(log(1.0 - confidence) / inspected)
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if at_most(defective, inspected, middle) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return high


def at_most(count: int, trials: int, share: float) -> float:
    """Return the binomial probability of at most ``count`` hits in ``trials``, by the incomplete beta function."""
    if count >= trials or share <= 0.0:
        return 1.0
    if share >= 1.0:
        return 0.0
    return _beta_share(trials - count, count + 1, 1.0 - share, share)


def counted(samples: Iterable[tuple[int, int, int]]) -> tuple[int, int]:
    """Return how many units samples of ``(inspected, defective, days old)`` count for together, and how many of those are defective.

    The weights add up before they are rounded down; there are never fewer units than defects.
    """
    units, defects = 0.0, 0
    for inspected, defective, days in samples:
        units += defective + (inspected - defective) * weight(days)
        defects += defective
    return int(units + 1e-9), defects


def weight(days: int) -> float:
    """Return what a good unit still counts for that was inspected so many days ago."""
    return 1.0 if days <= FRESH_DAYS else float(2.0 ** ((FRESH_DAYS - days) / HALF_LIFE_DAYS))


@lru_cache(maxsize=4096)
def at_most_percent(inspected: int, defective: int) -> float:
    """Return the bound in percent with ``CONFIDENCE``, rounded up to one decimal: it never looks better than it is."""
    thousandths = upper_bound(inspected, defective, CONFIDENCE) * 1000
    return (int(thousandths) + (thousandths > int(thousandths))) / 10


def _beta_share(a: int, b: int, x: float, y: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), with ``y`` = 1 - x; by its continued fraction (Lentz)."""
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _beta_share(b, a, y, x)
    scale = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * _log(x, y) + b * _log(y, x)) / a
    return scale * _fraction(a, b, x)


def _log(one: float, rest: float) -> float:
    """Return log(one), from the smaller of a share and its complement: nothing is lost near 1."""
    return log(one) if one < 0.5 else log1p(-rest)


def _fraction(a: int, b: int, x: float) -> float:
    c, d = 1.0, 1.0 / _not_nothing(1.0 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 100_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / _not_nothing(1.0 + step * d)
            c = _not_nothing(1.0 + step / c)
            value *= c * d
        if abs(c * d - 1.0) < CLOSE:
            break
    return value


def _not_nothing(value: float) -> float:
    return value if abs(value) > TINY else TINY
