"""Grade a returned unit by what was found on it. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from qc.checks.checkpoints import Reading
from warehouse.returns.grades import ALLOWED, Disposition, Grade


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


NOTHING_FOUND: Final = gettext_noop("Every point is as it left the warehouse.")
WORST_POINT: Final = gettext_noop("The worst of %(failing)s points that fail decides.")
NOT_WHAT_WAS_SHIPPED: Final = gettext_noop("This is not what was shipped.")
FAILED: Final = frozenset({Grade.DAMAGED, Grade.UNSELLABLE})
"""What is written down as a non-conformance: goods that nobody can sell as they are (P5.1)."""
RESTOCK_DAYS: Final = 90
"""Ours: goods with less shelf life than this, or less than a third of it, are not put back on sale."""


@dataclass(frozen=True)
class Graded:
    """The grade with its reason; ``points`` are the codes that decided."""

    grade: Grade
    message: str
    facts: tuple[tuple[str, int], ...] = ()
    points: tuple[str, ...] = ()

    @property
    def params(self) -> dict[str, int]:
        return dict(self.facts)

    @property
    def because(self) -> str:
        return self.message % self.params


def grade(readings: Sequence[Reading], *, is_what_was_shipped: bool) -> Graded:
    """Return the worst grade of any point. A point that fails and names none makes the unit damaged, never better."""
    if not is_what_was_shipped:
        return Graded(Grade.UNSELLABLE, NOT_WHAT_WAS_SHIPPED)
    found = {one.code: Grade(one.grade or Grade.DAMAGED) for one in readings if not one.is_fine}
    if not found:
        return Graded(Grade.AS_NEW, NOTHING_FOUND)
    worst = max(found.values())
    return Graded(worst, WORST_POINT, (("failing", len(found)),), tuple(code for code, mark in found.items() if mark == worst))


def offered(mark: Grade, *, is_in_stock: bool) -> frozenset[Disposition]:
    """Return what may be done with a unit. What the ledger never shipped from here cannot go back on a shelf."""
    return ALLOWED[mark] if is_in_stock else ALLOWED[mark] - {Disposition.RESTOCK}


def is_fresh_enough(*, produced: date | None, expiry: date | None, day: date) -> bool:
    """Say whether enough shelf life is left to sell a returned unit again (P8.5): a third of it, or 90 days where it is unknown."""
    if expiry is None:
        return True
    least = (expiry - produced) / 3 if produced else timedelta(days=RESTOCK_DAYS)
    return expiry - day >= least
