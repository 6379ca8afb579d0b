"""What figures say of a process: which defects make the most of the trouble, and which lots are out of control. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

SIGMAS: Final = 3
"""Shewhart's limits: a point beyond them is no chance."""


@dataclass(frozen=True)
class Bar:
    """One defect of a Pareto chart; ``share`` is the cumulated share of all up to here, 0–1."""

    code: str
    count: int
    share: float


def pareto(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    """Return the defects by how often they were found, each with the share that it and the more frequent ones make.

    :raises ValueError: for a negative count
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count is a whole number from 0")
    total = sum(counts.values())
    bars, sum_so_far = [], 0
    for code, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if count:
            sum_so_far += count
            bars.append(Bar(code, count, sum_so_far / total))
    return tuple(bars)


@dataclass(frozen=True)
class Sample:
    """So many units of a lot, so many of them failing. ``name`` is the caller's."""

    name: str
    size: int
    failing: int


@dataclass(frozen=True)
class Dot:
    """One sample of a p-chart with the limits for its size."""

    name: str
    fraction: float
    lower: float
    upper: float

    @property
    def is_out(self) -> bool:
        return not self.lower <= self.fraction <= self.upper


@dataclass(frozen=True)
class Chart:
    """A p-chart: the mean fraction, and every sample against its own limits."""

    mean: float
    dots: tuple[Dot, ...]

    @property
    def out(self) -> tuple[Dot, ...]:
        return tuple(dot for dot in self.dots if dot.is_out)


def p_chart(samples: Sequence[Sample]) -> Chart | None:
    """Return the p-chart of samples of any sizes: p̄ ± 3·√(p̄(1−p̄)/n), cut at 0 and 1. None without a sample.

    :raises ValueError: for a sample that cannot be
    """
    if any(one.size < 1 or not 0 <= one.failing <= one.size for one in samples):
        raise ValueError("a sample has at least one unit, and no more failing units than it has")
    if not samples:
        return None
    mean = sum(one.failing for one in samples) / sum(one.size for one in samples)
    dots = []
    for one in samples:
        reach = SIGMAS * sqrt(mean * (1 - mean) / one.size)
        dots.append(Dot(one.name, one.failing / one.size, max(0.0, mean - reach), min(1.0, mean + reach)))
    return Chart(mean, tuple(dots))
