"""Compute what a whole check says: whether a parcel may leave. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from qc.checks.checkpoints import Checkpoint, Reading, Unclear, needs_photo, read


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


PASSED, FAILED = "passed", "failed"
ALL_FINE: Final = gettext_noop("All %(points)s points are in order.")
SOME_FAIL: Final = gettext_noop("Not in order: %(failing)s of %(points)s points.")


class Incomplete(ValueError):
    """The answers do not say enough. ``fault`` is missing, unknown, unclear or photo; ``code`` the point it is about."""

    def __init__(self, fault: str, code: str, message: str = "") -> None:
        super().__init__(f"{fault}: {code}")
        self.fault, self.code, self.message = fault, code, message


@dataclass(frozen=True)
class Judged:
    """The readings of all points, in their order, and the verdict they make."""

    readings: tuple[Reading, ...]

    @property
    def failing(self) -> tuple[Reading, ...]:
        return tuple(one for one in self.readings if not one.is_fine)

    @property
    def verdict(self) -> str:
        return FAILED if self.failing else PASSED

    @property
    def message(self) -> str:
        return SOME_FAIL if self.failing else ALL_FINE

    @property
    def params(self) -> dict[str, int]:
        points = {"points": len(self.readings)}
        return points | {"failing": len(self.failing)} if self.failing else points

    @property
    def because(self) -> str:
        return self.message % self.params

    @property
    def values(self) -> dict[str, bool | str]:
        """The answers as they are kept."""
        return {one.code: one.value for one in self.readings}


def judge(
    points: Sequence[Checkpoint], answers: Mapping[str, Any], *, photographed: frozenset[str], expiry: date | None, day: date
) -> Judged:
    """Read every answer. Nothing is taken for granted: a point without an answer is no pass.

    :raises Incomplete: if a point has no answer or an unclear one, an answer has no point, or a photograph is missing
    """
    known = {point.code for point in points}
    if strange := sorted((set(answers) | photographed) - known):
        raise Incomplete("unknown", strange[0])
    readings = []
    for point in points:
        if answers.get(point.code) is None:
            raise Incomplete("missing", point.code)
        try:
            reading = read(point, answers[point.code], expiry=expiry, day=day)
        except Unclear as unclear:
            raise Incomplete("unclear", point.code, unclear.message) from None
        if needs_photo(point, reading) and point.code not in photographed:
            raise Incomplete("photo", point.code)
        readings.append(reading)
    return Judged(tuple(readings))
