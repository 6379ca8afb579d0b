"""The states of what was found wrong, and of each decision on it."""

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


class DispositionState(StrEnum):
    """``ended`` is a decision that stopped before its quantity was used up: its end passed, or it was taken back."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DONE = "done"
    ENDED = "ended"


DISPOSITION_NEXT: Final[Mapping[DispositionState, frozenset[DispositionState]]] = {
    DispositionState.REQUESTED: frozenset({DispositionState.APPROVED, DispositionState.REFUSED, DispositionState.WITHDRAWN}),
    DispositionState.APPROVED: frozenset({DispositionState.DONE, DispositionState.ENDED}),
    DispositionState.REFUSED: frozenset(),
    DispositionState.WITHDRAWN: frozenset(),
    DispositionState.DONE: frozenset(),
    DispositionState.ENDED: frozenset(),
}
