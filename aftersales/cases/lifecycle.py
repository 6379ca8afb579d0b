"""The states of a case, of a proposed decision and of a remedy, and who may be to blame."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CaseState(StrEnum):
    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    PROPOSED = "proposed"
    DECIDED = "decided"
    REMEDIED = "remedied"
    APPEALED = "appealed"
    CLOSED = "closed"


NEXT: Final[Mapping[CaseState, frozenset[CaseState]]] = {
    CaseState.NEW: frozenset({CaseState.OPEN}),
    CaseState.OPEN: frozenset({CaseState.NEW, CaseState.WAITING, CaseState.PROPOSED}),
    CaseState.WAITING: frozenset({CaseState.OPEN}),
    CaseState.PROPOSED: frozenset({CaseState.OPEN, CaseState.DECIDED}),
    CaseState.DECIDED: frozenset({CaseState.REMEDIED, CaseState.APPEALED, CaseState.CLOSED}),
    CaseState.REMEDIED: frozenset({CaseState.APPEALED, CaseState.CLOSED}),
    CaseState.APPEALED: frozenset({CaseState.PROPOSED}),
    CaseState.CLOSED: frozenset({CaseState.APPEALED, CaseState.OPEN}),
}
"""Open → new: given back to the queue. Closed → open: reopened. A proposal that is sent back goes to open."""

ON_THE_DESK: Final = frozenset({CaseState.NEW, CaseState.OPEN, CaseState.WAITING, CaseState.PROPOSED, CaseState.APPEALED})
"""Somebody of the platform still has to do something."""
JUDGED: Final = frozenset({CaseState.DECIDED, CaseState.REMEDIED, CaseState.CLOSED})
"""A decision stands."""
PAUSED: Final = frozenset({CaseState.WAITING})
"""States in which the clock stands (P14.2)."""


class DecisionState(StrEnum):
    PROPOSED = "proposed"
    DECIDED = "decided"
    SENT_BACK = "sent_back"


DECISION_NEXT: Final[Mapping[DecisionState, frozenset[DecisionState]]] = {
    DecisionState.PROPOSED: frozenset({DecisionState.DECIDED, DecisionState.SENT_BACK}),
    DecisionState.DECIDED: frozenset(),
    DecisionState.SENT_BACK: frozenset(),
}


class RemedyState(StrEnum):
    ORDERED = "ordered"
    DONE = "done"
    CANCELLED = "cancelled"


REMEDY_NEXT: Final[Mapping[RemedyState, frozenset[RemedyState]]] = {
    RemedyState.ORDERED: frozenset({RemedyState.DONE, RemedyState.CANCELLED}),
    RemedyState.DONE: frozenset(),
    RemedyState.CANCELLED: frozenset(),
}


class Side(StrEnum):
    """Who speaks in a case."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"


class Kind(StrEnum):
    """What is wrong, as the buyer or a rule says it first; the decision may find otherwise."""

    NOT_ARRIVED = "not_arrived"
    LATE = "late"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    QUALITY = "quality"
    SAFETY = "safety"
    LAB_FAILURE = "lab_failure"
    RETURNS = "returns"
    OTHER = "other"


BUYERS_KINDS: Final = (
    Kind.NOT_ARRIVED,
    Kind.DAMAGED,
    Kind.WRONG_ITEM,
    Kind.MISSING_ITEM,
    Kind.QUALITY,
    Kind.SAFETY,
    Kind.OTHER,
)
URGENT_KINDS: Final = frozenset({Kind.SAFETY, Kind.LAB_FAILURE})


class Liable(StrEnum):
    """Who bears it (domain: 商家 仓 快递 实验室 消费者 平台 无责)."""

    MERCHANT = "merchant"
    WAREHOUSE = "warehouse"
    COURIER = "courier"
    LAB = "lab"
    CONSUMER = "consumer"
    PLATFORM = "platform"
    NOBODY = "nobody"


class Outcome(StrEnum):
    """What is done about it; a return comes with its refund."""

    NONE = "none"
    REFUND = "refund"
    RETURN_REFUND = "return_refund"
    REPLACEMENT = "replacement"
    CREDIT = "credit"


class RemedyKind(StrEnum):
    REFUND = "refund"
    RETURN = "return"
    REPLACEMENT = "replacement"
    CREDIT = "credit"


REMEDIES_OF: Final[Mapping[Outcome, tuple[RemedyKind, ...]]] = {
    Outcome.NONE: (),
    Outcome.REFUND: (RemedyKind.REFUND,),
    Outcome.RETURN_REFUND: (RemedyKind.RETURN, RemedyKind.REFUND),
    Outcome.REPLACEMENT: (RemedyKind.REPLACEMENT,),
    Outcome.CREDIT: (RemedyKind.CREDIT,),
}
PAID: Final = frozenset({RemedyKind.REFUND, RemedyKind.CREDIT})
"""Remedies that are an amount of money."""


def asks_for_money(outcome: Outcome) -> bool:
    """Say whether an outcome needs an amount."""
    return any(kind in PAID for kind in REMEDIES_OF[outcome])
