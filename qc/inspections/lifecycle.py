"""The states of an inspection."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class InspectionState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


NEXT: Final[Mapping[InspectionState, frozenset[InspectionState]]] = {
    InspectionState.OPEN: frozenset({InspectionState.CLAIMED}),
    InspectionState.CLAIMED: frozenset({InspectionState.OPEN, InspectionState.ACCEPTED, InspectionState.REJECTED}),
    InspectionState.ACCEPTED: frozenset(),
    InspectionState.REJECTED: frozenset(),
}
UNDECIDED: Final = frozenset({InspectionState.OPEN, InspectionState.CLAIMED})
