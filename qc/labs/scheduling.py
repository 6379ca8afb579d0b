"""Which limits goods are judged by, by when they were made, and how long a counter-sample is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from assurance.claims.measuring import Measured, answers

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
    name: str = ""
    asks_nothing: bool = False
    """Whether no goods can miss its limit: it only measures."""


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


def asked_for(tests: Iterable[Test], said: Collection[tuple[Measured, str]]) -> list[Test]:
    """Return the tests that are worth ordering: those with a limit, and those that measure something said of the goods.

    ``said`` is what is measured and of what component (a fibre), as claims name it.
    """
    return [one for one in tests if not one.asks_nothing or any(answers(of, one.code, one.name, component) for of, component in said)]


def units_for(tests: Sequence[Test]) -> int:
    """Return how many units go to the laboratory: tests share units, a plan over several units asks for all of them."""
    return max((test.units for test in tests), default=0)


def keep_until(*, sealed: date, expires: date | None) -> date:
    """Return the last day a counter-sample is kept."""
    until = sealed + KEPT
    return min(until, expires) if expires and expires > sealed else until
