"""The states of a statement and of a dispute."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class StatementState(StrEnum):
    DRAFT = "draft"
    FINAL = "final"


class DisputeState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


STATEMENT_NEXT: Final[Mapping[StatementState, frozenset[StatementState]]] = {
    StatementState.DRAFT: frozenset({StatementState.FINAL}),
    StatementState.FINAL: frozenset(),
}
DISPUTE_NEXT: Final[Mapping[DisputeState, frozenset[DisputeState]]] = {
    DisputeState.OPEN: frozenset({DisputeState.ACCEPTED, DisputeState.REJECTED}),
    DisputeState.ACCEPTED: frozenset(),
    DisputeState.REJECTED: frozenset(),
}
