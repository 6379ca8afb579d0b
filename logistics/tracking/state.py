"""Where a parcel stands, worked out from its events alone: the same for every order of arrival and any number of copies.

Ends outrank everything, ``delivered`` before ``returned`` before ``lost``: more events never take a delivery back. Before an end the
parcel is as far as it ever got; an incident holds until something later moves it on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

HANDED_OVER: Final = "handed_over"
EXCEPTION: Final = "exception"
RANKS: Final[Mapping[str, int]] = {
    "unknown": 0,
    "picked_up": 10,
    "departed": 20,
    "arrived": 30,
    "out_for_delivery": 40,
    "at_pickup_point": 45,
    "problem": 50,
    "returning": 60,
    "lost": 70,
    "returned": 80,
    "delivered": 90,
}
"""Which of two events of the same moment came later; which of two ends holds."""
FORWARD: Final[Mapping[str, str]] = {
    "picked_up": "in_transit",
    "departed": "in_transit",
    "arrived": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "at_pickup_point": "out_for_delivery",
}
ENDS: Final = ("delivered", "returned", "lost")
TROUBLE: Final = frozenset({"problem", "returning"})


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """One event as far as the state depends on it; ordered by time, then rank."""

    occurred_at: datetime
    rank: int
    status: str
    incident: str = ""

    @classmethod
    def of(cls, occurred_at: datetime, status: str, incident: str = "") -> Seen:
        return cls(occurred_at, RANKS[status], status, incident)


@dataclass(frozen=True, slots=True)
class Standing:
    """The state and what it rests on. ``incident`` is that of the state, empty if nothing is wrong (any more)."""

    state: str
    picked_up_at: datetime | None = None
    delivered_at: datetime | None = None
    last_event_at: datetime | None = None
    incident: str = ""
    contradictory: bool = False
    """Two different ends are claimed: somebody should look."""


def standing(events: Iterable[Seen]) -> Standing:
    """Return where the parcel stands; before its first event it was handed over and no more."""
    seen = sorted({one for one in events if one.status != "unknown"})
    if not seen:
        return Standing(HANDED_OVER)
    ends = [status for status in ENDS if any(one.status == status for one in seen)]
    return Standing(
        state=ends[0] if ends else _underway(seen),
        picked_up_at=_first(seen, "picked_up"),
        delivered_at=_first(seen, "delivered"),
        last_event_at=seen[-1].occurred_at,
        incident=_incident(seen, ends[0] if ends else ""),
        contradictory=len(ends) > 1,
    )


def _underway(seen: list[Seen]) -> str:
    if _open_trouble(seen):
        return EXCEPTION
    reached = max((one.rank, FORWARD[one.status]) for one in seen if one.status in FORWARD)
    return reached[1]


def _open_trouble(seen: list[Seen]) -> Seen | None:
    """Return the last incident if nothing moved the parcel on after it."""
    last = next((one for one in reversed(seen) if one.status in TROUBLE), None)
    if last is None or any(one > last and one.occurred_at > last.occurred_at for one in seen if one.status in FORWARD):
        return None
    return last


def _incident(seen: list[Seen], end: str) -> str:
    if end == "delivered":
        return ""
    if end:
        return max(one.incident for one in seen if one.status == end)
    trouble = _open_trouble(seen)
    return trouble.incident if trouble else ""


def _first(seen: list[Seen], status: str) -> datetime | None:
    return next((one.occurred_at for one in seen if one.status == status), None)
