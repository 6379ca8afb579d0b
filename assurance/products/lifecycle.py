"""The states of a category's version."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class VersionState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    DISCARDED = "discarded"


NEXT: Final[Mapping[VersionState, frozenset[VersionState]]] = {
    VersionState.DRAFT: frozenset({VersionState.ACTIVE, VersionState.DISCARDED}),
    VersionState.ACTIVE: frozenset(),
    VersionState.DISCARDED: frozenset(),
}
"""Whether an activated version is in force says its period, not its state."""
