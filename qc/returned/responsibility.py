"""Suggest who answers for a return, from what changed between the check before sending and the one after. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qc.checks.checkpoints import Checkpoint, Reading


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


class Party(StrEnum):
    MERCHANT = "merchant"
    WAREHOUSE = "warehouse"
    COURIER = "courier"
    CONSUMER = "consumer"
    NONE = "none"


class Change(StrEnum):
    """How a point stands after the return against before it left."""

    SAME = "same"
    WORSE = "worse"
    UNSEEN = "unseen"
    OPEN = "open"


CHANGED: Final = gettext_noop("It was in order when the parcel left.")
UNSEEN: Final = gettext_noop("Nobody recorded it when the parcel left.")
OTHER_GOODS: Final = gettext_noop("Other goods came back than were checked and sent.")
OTHER_GOODS_UNSEEN: Final = gettext_noop("Other goods came back, and nobody recorded what was sent.")
WEIGHTS: Final = {"b": 1, "c": 2, "d": 3}
IN_DOUBT: Final = (Party.WAREHOUSE, Party.COURIER, Party.MERCHANT, Party.CONSUMER)
"""Between equals the consumer comes last: whoever handles goods by trade has to show that it was not he."""


@dataclass(frozen=True)
class Reason:
    """Why one point speaks for one party; ``weight`` from 1 to 3 by the grade it costs."""

    point: str
    party: Party
    message: str
    weight: int


@dataclass(frozen=True)
class Suggestion:
    """A suggestion, never a decision: people decide. Without a reason it is nobody's."""

    party: Party
    reasons: tuple[Reason, ...]


def compare(before: Mapping[str, bool] | None, after: Mapping[str, bool]) -> dict[str, Change]:
    """Return how every point stands: ``before`` and ``after`` say which were fine; ``before`` is None if there was no check."""
    found = {}
    for code, is_fine in after.items():
        if is_fine:
            found[code] = Change.SAME
        elif before is None or code not in before:
            found[code] = Change.UNSEEN
        else:
            found[code] = Change.WORSE if before[code] else Change.SAME
    return found


def suggest(
    points: Sequence[Checkpoint], readings: Sequence[Reading], *, before: Mapping[str, bool] | None, is_what_was_shipped: bool
) -> Suggestion:
    """Weigh the changed points. Goods that are not those that were checked and sent are the consumer's; unchecked, the warehouse's."""
    if not is_what_was_shipped:
        party, message = (Party.CONSUMER, OTHER_GOODS) if before is not None else (Party.WAREHOUSE, OTHER_GOODS_UNSEEN)
        return Suggestion(party, (Reason("", party, message, WEIGHTS["d"]),))
    changes = compare(before, {one.code: one.is_fine for one in readings})
    known = {point.code: point for point in points}
    reasons = tuple(reason for one in readings if (reason := _reason(known[one.code], one, changes[one.code])))
    weights = {party: sum(one.weight for one in reasons if one.party == party) for party in IN_DOUBT}
    heaviest = max(weights.values())
    party = next(one for one in IN_DOUBT if weights[one] == heaviest) if heaviest else Party.NONE
    return Suggestion(party, reasons)


def _reason(point: Checkpoint, reading: Reading, change: Change) -> Reason | None:
    said = {Change.WORSE: (point.party, CHANGED), Change.UNSEEN: (point.party_unseen, UNSEEN)}.get(change)
    if said is None or not said[0]:
        return None
    return Reason(point.code, Party(said[0]), said[1], WEIGHTS.get(reading.grade, WEIGHTS["c"]))
