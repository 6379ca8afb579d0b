"""The states of a job."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class JobState(StrEnum):
    NEW = "new"
    SENT = "sent"
    DONE = "done"
    PARKED = "parked"


NEXT: Final[Mapping[JobState, frozenset[JobState]]] = {
    JobState.NEW: frozenset({JobState.SENT, JobState.PARKED}),
    JobState.SENT: frozenset({JobState.SENT, JobState.DONE, JobState.PARKED}),
    JobState.DONE: frozenset(),
    JobState.PARKED: frozenset({JobState.NEW}),
}

BACK_OFF_SECONDS: Final = (1, 5, 30, 120, 600)
"""How long to wait after the first, second, … failed attempt."""


def wait_after(attempts: int) -> int:
    """Return the seconds to wait after so many failed attempts."""
    return BACK_OFF_SECONDS[min(max(attempts, 1), len(BACK_OFF_SECONDS)) - 1]
