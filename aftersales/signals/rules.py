"""When something that nobody has complained of yet opens a case: each rule gives a score from 0 to 1 and says why.

Scores are shares of certainty in per cent of a hundred; a rule fires at ``FIRES_AT``. Sentences are kept in the record in English and
said again in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from math import exp
from typing import Final

FIRES_AT: Final = Decimal("0.50")
CERTAIN: Final = Decimal("1.00")
PLACES: Final = Decimal("0.01")
HOUR: Final = timedelta(hours=1)

SILENT_AFTER: Final = timedelta(hours=48)
"""No event of a parcel for so long: it is silent."""
LATE_AFTER: Final = timedelta(hours=12)
"""So long past its promise and not delivered: it is late."""
SPIKE_ERROR: Final = Decimal("0.01")
"""A lot's returns are a spike if chance alone would bring as many in fewer than one lot of a hundred."""
SPIKE_AT_LEAST: Final = 3
BASE_RATE: Final = Decimal("0.03")
"""The share of units that come back, where the product has no history."""

SILENT: Final = "No event for %(hours)s hours; %(limit)s are the limit."
LATE: Final = "Promised for %(promised)s, %(hours)s hours ago, and not delivered."
LAB: Final = "Laboratory sample %(sample)s failed: %(parameters)s."
GRADED: Final = "A returned unit was graded %(grade)s."
WRONG: Final = "A returned unit is not what was sent."
SPIKE: Final = "%(returned)s of %(shipped)s units of the lot came back; %(expected)s were to be expected."


class Rule(StrEnum):
    SILENT_PARCEL = "silent_parcel"
    LATE_PARCEL = "late_parcel"
    LAB_FAILURE = "lab_failure"
    RETURN_GRADED = "return_graded"
    RETURN_SPIKE = "return_spike"


@dataclass(frozen=True)
class Finding:
    """What a rule says: how sure it is, and why, as a sentence of the record with its parameters."""

    score: Decimal
    because: str

    @property
    def fires(self) -> bool:
        return self.score >= FIRES_AT


def silent_parcel(*, last_event_at: datetime, at: datetime, limit: timedelta = SILENT_AFTER) -> Finding:
    """Score 0.5 at the limit and 1 at twice the limit."""
    silence = max(at - last_event_at, timedelta())
    return Finding(_share(silence, limit * 2), SILENT % {"hours": silence // HOUR, "limit": limit // HOUR})


def late_parcel(*, promised_at: datetime, at: datetime, limit: timedelta = LATE_AFTER) -> Finding:
    """Score 0.5 when the limit past the promise is reached, 1 at twice the limit."""
    late = max(at - promised_at, timedelta())
    return Finding(_share(late, limit * 2), LATE % {"promised": promised_at.date().isoformat(), "hours": late // HOUR})


def lab_failure(*, sample: str, parameters: tuple[str, ...]) -> Finding:
    """A published failure is certain."""
    return Finding(CERTAIN, LAB % {"sample": sample, "parameters": ", ".join(parameters) or "-"})


def return_graded(*, grade: str, is_wrong_item: bool) -> Finding:
    """A wrong item is certain; a unit that cannot be sold nearly so (grade d), a damaged one likely (c); a and b say nothing."""
    if is_wrong_item:
        return Finding(CERTAIN, WRONG)
    score = {"c": Decimal("0.70"), "d": Decimal("0.90")}.get(grade, Decimal("0.00"))
    return Finding(score, GRADED % {"grade": grade.upper()})


def return_spike(*, returned: int, shipped: int, base_rate: Decimal = BASE_RATE) -> Finding:
    """Score by how unlikely so many returns are if the lot were like the others (Poisson, upper tail).

    Fires when the chance is below ``SPIKE_ERROR`` and at least three units came back.
    """
    if not 0 <= returned <= shipped:
        raise ValueError(f"{returned} of {shipped} units came back")
    expected = shipped * base_rate
    because = SPIKE % {"returned": returned, "shipped": shipped, "expected": expected.quantize(Decimal("0.1"), ROUND_HALF_UP)}
    chance = upper_tail(returned, expected)
    if returned < SPIKE_AT_LEAST or chance >= SPIKE_ERROR:
        return Finding(min(Decimal("0.49"), (1 - chance) / 2).quantize(PLACES, ROUND_HALF_UP), because)
    return Finding((1 - chance).quantize(PLACES, ROUND_HALF_UP), because)


def upper_tail(count: int, mean: Decimal) -> Decimal:
    """Return the chance of ``count`` or more where ``mean`` are expected (Poisson)."""
    rate = float(mean)
    term, below = exp(-rate), 0.0
    for number in range(count):
        below += term
        term *= rate / (number + 1)
    return Decimal(str(max(0.0, 1.0 - below)))


@dataclass(frozen=True)
class Precision:
    """How often a rule was right: of the cases it opened, those that are decided and those that were confirmed."""

    opened: int
    decided: int
    confirmed: int

    @property
    def share(self) -> Decimal | None:
        """Confirmed per decided, or nothing while nothing is decided."""
        return (Decimal(self.confirmed) / self.decided).quantize(PLACES, ROUND_HALF_UP) if self.decided else None

    @property
    def says_stop(self) -> bool:
        """Whether the rule is wrong so often that it should be switched off."""
        return self.decided >= ENOUGH and self.share is not None and self.share < WORTH


ENOUGH: Final = 20
"""So many decided cases before a rule is judged."""
WORTH: Final = Decimal("0.20")
"""A rule that is right more seldom is switched off."""


def _share(part: timedelta, whole: timedelta) -> Decimal:
    seconds = Decimal(int(part.total_seconds())) / Decimal(int(whole.total_seconds()))
    return min(CERTAIN, seconds).quantize(PLACES, ROUND_HALF_UP)
