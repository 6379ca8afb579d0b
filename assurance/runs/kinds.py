"""What a package must say to have its long work done as a run: one function that does one batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assurance.sheets.delimited import BYTE_ORDER_MARK

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
    work: Callable[[Run], Batch]
    finish: Callable[[Run, str], tuple[str, bytes] | None]


def as_csv(file_name: str) -> Callable[[Run, str], tuple[str, bytes] | None]:
    """Return the ending of most runs: the pieces of text are a CSV file of this name."""
    return lambda _run, text: (file_name, (BYTE_ORDER_MARK + text).encode()) if text else None


KINDS: Final[dict[str, Kind]] = {}


def run_kind(
    name: str, *, title: str | Promise, file_name: str = "", finish: Callable[[Run, str], tuple[str, bytes] | None] | None = None
) -> Callable[[Callable[[Run], Batch]], Callable[[Run], Batch]]:
    """Register the work of a kind of run, in a package's ``tasks.py``.

    The function does the batch that begins at ``run.done`` and must stay well below the time limit of its queue. The pieces of
    text become a CSV file of this name, unless ``finish`` makes the result of them: a name and a file, or nothing.
    """

    def register(work: Callable[[Run], Batch]) -> Callable[[Run], Batch]:
        KINDS[name] = Kind(name, title, work, finish or as_csv(file_name))
        return work

    return register
