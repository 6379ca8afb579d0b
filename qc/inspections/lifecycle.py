"""The states of an inspection, and between which severities switching moves."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from qc.inspections.switching import Severity


class InspectionState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DOUBTED = "doubted"


NEXT: Final[Mapping[InspectionState, frozenset[InspectionState]]] = {
    InspectionState.OPEN: frozenset({InspectionState.CLAIMED}),
    InspectionState.CLAIMED: frozenset({InspectionState.OPEN, InspectionState.ACCEPTED, InspectionState.REJECTED, InspectionState.DOUBTED}),
    InspectionState.ACCEPTED: frozenset(),
    InspectionState.REJECTED: frozenset(),
    InspectionState.DOUBTED: frozenset(),
}
UNDECIDED: Final = frozenset({InspectionState.OPEN, InspectionState.CLAIMED})
SEVERITY_NEXT: Final[Mapping[Severity, frozenset[Severity]]] = {
    Severity.NORMAL: frozenset({Severity.TIGHTENED, Severity.REDUCED}),
    Severity.TIGHTENED: frozenset({Severity.NORMAL, Severity.SUSPENDED}),
    Severity.REDUCED: frozenset({Severity.NORMAL}),
    Severity.SUSPENDED: frozenset({Severity.TIGHTENED}),
}
