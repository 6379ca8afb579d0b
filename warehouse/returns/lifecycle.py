"""The states of a returned parcel and of each unit in it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ReturnState(StrEnum):
    ANNOUNCED = "announced"
    UNIDENTIFIED = "unidentified"
    MATCHED = "matched"
    RECEIVED = "received"
    INSPECTED = "inspected"
    CLOSED = "closed"
    CANCELLED = "cancelled"


NEXT: Final[Mapping[ReturnState, frozenset[ReturnState]]] = {
    ReturnState.ANNOUNCED: frozenset({ReturnState.RECEIVED, ReturnState.CANCELLED}),
    ReturnState.UNIDENTIFIED: frozenset({ReturnState.MATCHED}),
    ReturnState.MATCHED: frozenset({ReturnState.RECEIVED}),
    ReturnState.RECEIVED: frozenset({ReturnState.INSPECTED}),
    ReturnState.INSPECTED: frozenset({ReturnState.CLOSED}),
    ReturnState.CLOSED: frozenset(),
    ReturnState.CANCELLED: frozenset(),
}
COUNTABLE: Final = frozenset({ReturnState.ANNOUNCED, ReturnState.MATCHED})
"""Its units may be counted in."""


class UnitState(StrEnum):
    RECEIVED = "received"
    GRADED = "graded"
    HELD = "held"
    RESTOCKED = "restocked"
    RETURNED = "returned"
    DESTROYED = "destroyed"


UNIT_NEXT: Final[Mapping[UnitState, frozenset[UnitState]]] = {
    UnitState.RECEIVED: frozenset({UnitState.GRADED}),
    UnitState.GRADED: frozenset({UnitState.HELD, UnitState.RESTOCKED, UnitState.RETURNED, UnitState.DESTROYED}),
    UnitState.HELD: frozenset({UnitState.RESTOCKED, UnitState.RETURNED, UnitState.DESTROYED}),
    UnitState.RESTOCKED: frozenset(),
    UnitState.RETURNED: frozenset(),
    UnitState.DESTROYED: frozenset(),
}
SETTLED: Final = frozenset({UnitState.RESTOCKED, UnitState.RETURNED, UnitState.DESTROYED})
