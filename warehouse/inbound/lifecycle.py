"""The states of a shipment notice and of a discrepancy, and what may become of goods that were not announced like this."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class NoticeState(StrEnum):
    ANNOUNCED = "announced"
    RECEIVING = "receiving"
    RECEIVED = "received"
    CANCELLED = "cancelled"


NEXT: Final[Mapping[NoticeState, frozenset[NoticeState]]] = {
    NoticeState.ANNOUNCED: frozenset({NoticeState.RECEIVING, NoticeState.CANCELLED}),
    NoticeState.RECEIVING: frozenset({NoticeState.RECEIVED}),
    NoticeState.RECEIVED: frozenset(),
    NoticeState.CANCELLED: frozenset(),
}


class DiscrepancyState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"


DISCREPANCY_NEXT: Final[Mapping[DiscrepancyState, frozenset[DiscrepancyState]]] = {
    DiscrepancyState.OPEN: frozenset({DiscrepancyState.SETTLED}),
    DiscrepancyState.SETTLED: frozenset(),
}


class Kind(StrEnum):
    """How goods differ from their notice."""

    OVER = "over"
    SHORT = "short"
    DAMAGED = "damaged"
    WRONG = "wrong"
    DATES = "dates"
    STALE = "stale"


class Resolution(StrEnum):
    """What became of it."""

    MISTAKE = "mistake"
    SENT_BACK = "sent_back"
    DESTROYED = "destroyed"
    ANNOUNCED_ANEW = "announced_anew"
    WRITTEN_OFF = "written_off"
    ADMITTED = "admitted"


class Age(StrEnum):
    """How goods stood at the door by the rules of freshness."""

    YOUNG = "young"
    TOO_OLD = "too_old"
    EXPIRED = "expired"


_ASIDE: Final = frozenset({Resolution.MISTAKE, Resolution.SENT_BACK, Resolution.DESTROYED, Resolution.ANNOUNCED_ANEW})
RESOLUTIONS: Final[Mapping[Kind, frozenset[Resolution]]] = {
    Kind.OVER: _ASIDE,
    Kind.SHORT: frozenset({Resolution.MISTAKE, Resolution.WRITTEN_OFF, Resolution.ANNOUNCED_ANEW}),
    Kind.DAMAGED: _ASIDE - {Resolution.ANNOUNCED_ANEW},
    Kind.WRONG: _ASIDE,
    Kind.DATES: _ASIDE,
    Kind.STALE: _ASIDE - {Resolution.ANNOUNCED_ANEW} | {Resolution.ADMITTED},
}
"""What may be done about each; units that stand aside are no stock, so nothing moves."""


class Reason(StrEnum):
    """Why a lead lets goods in that are too old."""

    SOLD_ALREADY = "sold_already"
    PROMOTION = "promotion"
    MERCHANT_AGREES = "merchant_agrees"
    RESIDUE = "residue"
    OTHER = "other"
