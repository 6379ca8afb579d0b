"""The states of counts and of lots near their end."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CountState(StrEnum):
    OPEN = "open"
    COUNTED = "counted"
    POSTED = "posted"
    CANCELLED = "cancelled"


class EndState(StrEnum):
    OPEN = "open"
    DONE = "done"


COUNT_NEXT: Final[Mapping[CountState, frozenset[CountState]]] = {
    CountState.OPEN: frozenset({CountState.COUNTED, CountState.CANCELLED}),
    CountState.COUNTED: frozenset({CountState.POSTED, CountState.OPEN}),
    CountState.POSTED: frozenset(),
    CountState.CANCELLED: frozenset(),
}
END_NEXT: Final[Mapping[EndState, frozenset[EndState]]] = {
    EndState.OPEN: frozenset({EndState.DONE}),
    EndState.DONE: frozenset(),
}
