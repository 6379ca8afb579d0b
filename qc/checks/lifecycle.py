"""The states of what must be put right after a failed check."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class NonConformanceState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


NEXT: Final[Mapping[NonConformanceState, frozenset[NonConformanceState]]] = {
    NonConformanceState.OPEN: frozenset({NonConformanceState.CLOSED}),
    NonConformanceState.CLOSED: frozenset(),
}
