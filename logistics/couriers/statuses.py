"""One list of what can happen to a parcel, one list of what can go wrong with who answers for it, and how couriers' words map to both.

Kuaidi100's codes are those of its public SDK; a word that nobody mapped is ``unknown``: kept, shown, and without effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    PICKED_UP = "picked_up"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AT_PICKUP_POINT = "at_pickup_point"
    DELIVERED = "delivered"
    PROBLEM = "problem"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST = "lost"
    UNKNOWN = "unknown"


class Incident(StrEnum):
    RECIPIENT_ABSENT = "recipient_absent"
    RECIPIENT_REFUSED = "recipient_refused"
    ADDRESS_WRONG = "address_wrong"
    DAMAGED = "damaged"
    LOST_BY_COURIER = "lost_by_courier"
    LATE = "late"
    MISSORTED = "missorted"
    PACKAGING = "packaging"
    FORBIDDEN_GOODS = "forbidden_goods"
    WEATHER = "weather"
    UNCLEAR = "unclear"


class Party(StrEnum):
    RECIPIENT = "recipient"
    COURIER = "courier"
    WAREHOUSE = "warehouse"
    MERCHANT = "merchant"
    NOBODY = "nobody"
    UNCLEAR = "unclear"


RESPONSIBLE: Final[Mapping[Incident, Party]] = {
    Incident.RECIPIENT_ABSENT: Party.RECIPIENT,
    Incident.RECIPIENT_REFUSED: Party.RECIPIENT,
    Incident.ADDRESS_WRONG: Party.RECIPIENT,
    Incident.DAMAGED: Party.COURIER,
    Incident.LOST_BY_COURIER: Party.COURIER,
    Incident.LATE: Party.COURIER,
    Incident.MISSORTED: Party.COURIER,
    Incident.PACKAGING: Party.WAREHOUSE,
    Incident.FORBIDDEN_GOODS: Party.MERCHANT,
    Incident.WEATHER: Party.NOBODY,
    Incident.UNCLEAR: Party.UNCLEAR,
}

PROBLEMS: Final = frozenset({Status.PROBLEM, Status.RETURNING, Status.RETURNED, Status.LOST})
"""What always has a reason, if only “unclear”."""

KUAIDI100: Final[Mapping[str, Status]] = {
    "0": Status.DEPARTED,
    "1": Status.PICKED_UP,
    "2": Status.PROBLEM,
    "3": Status.DELIVERED,
    "4": Status.RETURNED,
    "5": Status.OUT_FOR_DELIVERY,
    "6": Status.RETURNING,
    "7": Status.DEPARTED,
    "14": Status.RETURNING,
    "103": Status.PICKED_UP,
    "501": Status.AT_PICKUP_POINT,
    "1001": Status.ARRIVED,
    "1002": Status.DEPARTED,
    "1003": Status.DEPARTED,
    **{str(code): Status.DELIVERED for code in range(301, 305)},
    **{str(code): Status.PROBLEM for code in range(201, 211)},
}
WORDS: Final[Mapping[str, Status]] = {
    "揽收": Status.PICKED_UP,
    "在途": Status.DEPARTED,
    "干线": Status.DEPARTED,
    "转投": Status.DEPARTED,
    "到达派件城市": Status.ARRIVED,
    "派件": Status.OUT_FOR_DELIVERY,
    "投柜或驿站": Status.AT_PICKUP_POINT,
    "签收": Status.DELIVERED,
    "疑难": Status.PROBLEM,
    "退回": Status.RETURNING,
    "拒签": Status.RETURNING,
    "退签": Status.RETURNED,
}
REFUSED_BY_RECIPIENT: Final = frozenset({"4", "14", "拒签", "退签", "202"})


@dataclass(frozen=True, slots=True)
class Mapped:
    """A courier's word in ours. ``incident`` and ``responsible`` are empty where nothing went wrong."""

    status: Status
    incident: Incident | None = None

    @property
    def responsible(self) -> Party | None:
        return RESPONSIBLE[self.incident] if self.incident else None


def mapped(raw: str, *, reason: str = "") -> Mapped:
    """Return what a courier's status means here; ``reason`` is one of our incidents, or empty."""
    word = raw.strip()
    status = _status(word)
    if status not in PROBLEMS:
        return Mapped(status)
    return Mapped(status, _incident(status, word, reason))


def _status(word: str) -> Status:
    if word in Status.__members__.values():
        return Status(word)
    return KUAIDI100.get(word) or WORDS.get(word) or Status.UNKNOWN


def _incident(status: Status, word: str, reason: str) -> Incident:
    if reason in Incident.__members__.values():
        return Incident(reason)
    if word in REFUSED_BY_RECIPIENT:
        return Incident.RECIPIENT_REFUSED
    return Incident.LOST_BY_COURIER if status == Status.LOST else Incident.UNCLEAR
