"""When a difference between what was counted and what should be there needs a second person, and how exact counts are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

ALONE: Final = 2
"""Units up to which who counted may settle a difference himself; from 300 expected units on it is one in a hundred."""


def needs_second(*, expected: int, counted: int) -> bool:
    """Say whether a difference must be settled by somebody else than who counted."""
    return abs(counted - expected) > max(ALONE, expected // 100)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How exact counts were: places that were right of all, and the units that differed of those that should have been there."""

    places: int
    right: int
    expected: int
    differing: int

    @property
    def percent_of_places(self) -> Decimal | None:
        return _percent(self.right, self.places)

    @property
    def percent_of_units(self) -> Decimal | None:
        return _percent(max(0, self.expected - self.differing), self.expected)


def accuracy(lines: Iterable[tuple[int, int]]) -> Accuracy:
    """Sum lines of ``(expected, counted)`` up; a surplus does not make a shortage good."""
    pairs = list(lines)
    return Accuracy(
        places=len(pairs),
        right=sum(expected == counted for expected, counted in pairs),
        expected=sum(expected for expected, _counted in pairs),
        differing=sum(abs(counted - expected) for expected, counted in pairs),
    )


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None
