"""The states of long work."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


NEXT: Final[Mapping[RunState, frozenset[RunState]]] = {
    RunState.WAITING: frozenset({RunState.RUNNING, RunState.CANCELLED, RunState.FAILED}),
    RunState.RUNNING: frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED}),
    RunState.DONE: frozenset(),
    RunState.FAILED: frozenset(),
    RunState.CANCELLED: frozenset(),
}
OPEN: Final = frozenset({RunState.WAITING, RunState.RUNNING})
