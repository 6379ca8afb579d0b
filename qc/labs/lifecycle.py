"""The states of a sample on its way from the shelf to the published result."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SampleState(StrEnum):
    SCHEDULED = "scheduled"
    DRAWN = "drawn"
    SEALED = "sealed"
    DISPATCHED = "dispatched"
    RECEIVED = "received"
    TESTING = "testing"
    RESULTED = "resulted"
    VERIFIED = "verified"
    PUBLISHED = "published"
    VOIDED = "voided"


NEXT: Final[Mapping[SampleState, frozenset[SampleState]]] = {
    SampleState.SCHEDULED: frozenset({SampleState.DRAWN, SampleState.VOIDED}),
    SampleState.DRAWN: frozenset({SampleState.SEALED, SampleState.VOIDED}),
    SampleState.SEALED: frozenset({SampleState.DISPATCHED, SampleState.VOIDED}),
    SampleState.DISPATCHED: frozenset({SampleState.RECEIVED, SampleState.VOIDED}),
    SampleState.RECEIVED: frozenset({SampleState.TESTING}),
    SampleState.TESTING: frozenset({SampleState.RESULTED}),
    SampleState.RESULTED: frozenset({SampleState.TESTING, SampleState.VERIFIED}),
    SampleState.VERIFIED: frozenset({SampleState.PUBLISHED}),
    SampleState.PUBLISHED: frozenset(),
    SampleState.VOIDED: frozenset(),
}

IN_HOUSE: Final = frozenset({SampleState.SCHEDULED, SampleState.DRAWN, SampleState.SEALED})
"""Still in the warehouse."""
AT_LAB: Final = frozenset({SampleState.DISPATCHED, SampleState.RECEIVED, SampleState.TESTING, SampleState.RESULTED})
"""On its way to the laboratory or worked on there; the result is due."""
OVER: Final = frozenset({SampleState.PUBLISHED, SampleState.VOIDED})
SEEN_BY_LAB: Final = frozenset(SampleState) - IN_HOUSE
