"""The states of a corrective action."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ActionState(StrEnum):
    DEMANDED = "demanded"
    SUBMITTED = "submitted"
    APPROVED = "approved"


NEXT: Final[Mapping[ActionState, frozenset[ActionState]]] = {
    ActionState.DEMANDED: frozenset({ActionState.SUBMITTED}),
    ActionState.SUBMITTED: frozenset({ActionState.DEMANDED, ActionState.APPROVED}),
    ActionState.APPROVED: frozenset(),
}
OPEN: Final = frozenset({ActionState.DEMANDED, ActionState.SUBMITTED})
