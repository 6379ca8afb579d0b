"""Say what makes an accepting inspection doubtful, so that somebody else repeats it blind. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

SHARE_UNKNOWN: Final = 0.9
"""The share of lots without any finding that is taken for usual while too few others have inspected."""
OTHERS_NEEDED: Final = 20
UNLIKELY: Final = 0.01
SHORTEST_STREAK: Final = 10
NEAR_BITS: Final = 4
"""Two pictures whose fingerprints differ in so many of 64 bits or fewer show the same."""
UNITS_APART: Final = 20
"""So many units recorded one by one say how fast somebody looks at one."""
SECONDS_A_UNIT: Final = 1
FLAT: Final = 16
"""A picture whose brightness varies by less says nothing."""


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


HURRIED: Final = gettext_noop("The checklist was answered in %(took)s seconds; a careful look takes %(needed)s.")
RUSHED: Final = gettext_noop("%(units)s units were recorded one by one within %(took)s seconds.")
ALL_PASS: Final = gettext_noop("%(run)s lots in a row without any finding, where others find something in %(share)s %% of lots.")
REUSED: Final = gettext_noop("A photo was taken before, for inspection %(inspection)s.")


@dataclass(frozen=True)
class Doubt:
    """One reason to look again: ``gettext(d.message) % d.params``."""

    message: str
    facts: tuple[tuple[str, int | str], ...]

    def as_dict(self) -> dict[str, object]:
        return {"message": self.message, "params": dict(self.facts)}


def hurried(*, took: float, needed: int) -> Doubt | None:
    """Doubt answers that came faster than the points can be looked at; both in seconds."""
    return Doubt(HURRIED, (("took", int(took)), ("needed", needed))) if took < needed else None


def rushed(moments: Iterable[datetime]) -> Doubt | None:
    """Doubt units that were recorded faster than one can take them into the hand. Those that came in one list share a moment."""
    apart = sorted(set(moments))
    if len(apart) < UNITS_APART:
        return None
    took = (apart[-1] - apart[0]).total_seconds()
    return Doubt(RUSHED, (("units", len(apart)), ("took", int(took)))) if took < SECONDS_A_UNIT * (len(apart) - 1) else None


def all_pass(*, run: int, others: int, others_clean: int) -> Doubt | None:
    """Doubt a run of lots without any finding that is unlikely among goods as others find them.

    :param run: lots in a row, this one included
    :param others: lots that others inspected lately, ``others_clean`` of them without any finding
    """
    share = others_clean / others if others >= OTHERS_NEEDED else SHARE_UNKNOWN
    if run < SHORTEST_STREAK or share**run >= UNLIKELY:
        return None
    return Doubt(ALL_PASS, (("run", run), ("share", round(100 * (1 - share)))))


@dataclass(frozen=True)
class Print:
    """What a photograph can be known again by: the digest of its bytes, and a fingerprint unless it is flat."""

    digest: str
    fingerprint: int | None
    inspection: str


def reused(shown: Iterable[Print], before: Sequence[Print]) -> Doubt | None:
    """Doubt a photograph that was taken for another inspection."""
    for one in shown:
        for other in before:
            near = one.fingerprint is not None and other.fingerprint is not None
            if one.digest == other.digest or (near and _distance(one.fingerprint, other.fingerprint) <= NEAR_BITS):
                return Doubt(REUSED, (("inspection", other.inspection),))
    return None


def _distance(one: int | None, other: int | None) -> int:
    mask = (1 << 64) - 1
    return (((one or 0) & mask) ^ ((other or 0) & mask)).bit_count()


def fingerprint_of(rows: Sequence[Sequence[int]]) -> int | None:
    """Return the difference hash of a picture shrunk to 9 × 8 grey points: 64 bits, signed; nothing for a flat one."""
    grey = [value for row in rows for value in row]
    if max(grey) - min(grey) < FLAT:
        return None
    bits = 0
    for row in rows:
        for left, right in pairwise(row):
            bits = bits << 1 | (left > right)
    return bits - (1 << 64) if bits >> 63 else bits
