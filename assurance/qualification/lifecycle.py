"""The states of a merchant's paper and of his entry into the programme, and what follows what."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class PaperState(StrEnum):
    ENTERED = "entered"
    VERIFIED = "verified"
    RETURNED = "returned"
    REPLACED = "replaced"


PAPER_NEXT: Final[Mapping[PaperState, frozenset[PaperState]]] = {
    PaperState.ENTERED: frozenset({PaperState.VERIFIED, PaperState.RETURNED}),
    PaperState.VERIFIED: frozenset({PaperState.REPLACED}),
    PaperState.RETURNED: frozenset(),
    PaperState.REPLACED: frozenset(),
}


class EntryState(StrEnum):
    APPLIED = "applied"
    ADMITTED = "admitted"
    REFUSED = "refused"
    CLEARED_OUT = "cleared_out"


ENTRY_NEXT: Final[Mapping[EntryState, frozenset[EntryState]]] = {
    EntryState.APPLIED: frozenset({EntryState.ADMITTED, EntryState.REFUSED}),
    EntryState.ADMITTED: frozenset({EntryState.CLEARED_OUT}),
    EntryState.REFUSED: frozenset(),
    EntryState.CLEARED_OUT: frozenset(),
}

OPEN_ENTRIES: Final = frozenset({EntryState.APPLIED, EntryState.ADMITTED})
"""A merchant, and each of his products by itself, has at most one entry in these states."""
TOOK_PART: Final = frozenset({EntryState.ADMITTED, EntryState.CLEARED_OUT})
"""What counts against the number of times one may enter; an application that was refused does not."""
