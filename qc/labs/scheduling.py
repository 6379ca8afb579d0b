"""Which limits goods are judged by, by when they were made, and how long a counter-sample is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

KEPT: Final = timedelta(days=180)
"""How long a counter-sample is kept if the goods do not expire before."""


@dataclass(frozen=True)
class Test:
    """One row of the tests: in force for goods made from ``effective_from`` on, until the next row of the same code."""

    __test__ = False

    test_id: int
    code: str
    category: str
    effective_from: date
    units: int


def day_of(*, produced: date | None, received: date) -> date:
    """Return the day whose limits goods are judged by: the day they were made; what is not known, the day they came."""
    return produced or received


def in_force(tests: Iterable[Test], *, categories: Sequence[str], day: date) -> list[Test]:
    """Return the tests of these categories as they stood on that day: of every code the newest row that had begun."""
    newest: dict[str, Test] = {}
    for test in tests:
        if test.category in categories and test.effective_from <= day:
            before = newest.get(test.code)
            if before is None or before.effective_from < test.effective_from:
                newest[test.code] = test
    return sorted(newest.values(), key=lambda test: test.code)


def units_for(tests: Sequence[Test]) -> int:
    """Return how many units go to the laboratory: tests share units, a plan over several units asks for all of them."""
    return max((test.units for test in tests), default=0)


def keep_until(*, sealed: date, expires: date | None) -> date:
    """Return the last day a counter-sample is kept."""
    until = sealed + KEPT
    return min(until, expires) if expires and expires > sealed else until
