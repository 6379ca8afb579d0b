"""What a package must say to have its long work done as a run: one function that does one batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from assurance.runs.models import Run


@dataclass(frozen=True)
class Batch:
    """What one batch did. ``text`` is appended to the result file; ``is_last`` ends the run."""

    done: int
    errors: int = 0
    text: str = ""
    is_last: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of long work."""

    name: str
    title: str | Promise
    file_name: str
    work: Callable[[Run], Batch]


KINDS: Final[dict[str, Kind]] = {}


def run_kind(name: str, *, title: str | Promise, file_name: str) -> Callable[[Callable[[Run], Batch]], Callable[[Run], Batch]]:
    """Register the work of a kind of run, in a package's ``tasks.py``.

    The function does the batch that begins at ``run.done`` and must stay well below the time limit of its queue.
    """

    def register(work: Callable[[Run], Batch]) -> Callable[[Run], Batch]:
        KINDS[name] = Kind(name, title, file_name, work)
        return work

    return register
