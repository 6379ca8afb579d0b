"""Which courier takes a parcel, why, and which others could have.

Every candidate names its price, its promise in days and its measured punctuality. Ties are broken by the other two and the code at
last, so that the same candidates always give the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


class Rule(StrEnum):
    CHEAPEST = "cheapest"
    FASTEST = "fastest"
    MOST_RELIABLE = "most_reliable"
    FIXED = "fixed"


class Unfit(StrEnum):
    """Why a service cannot take a parcel."""

    NOT_CERTIFIED = "not_certified"
    NOT_COVERED = "not_covered"
    NO_PRICE = "no_price"
    INACTIVE = "inactive"
    NOT_CHOSEN = "not_chosen"


CHEAPEST: Final = gettext_noop("%(name)s is the cheapest of %(count)s: ¥%(fee)s, %(days)s days.")
FASTEST: Final = gettext_noop("%(name)s is the fastest of %(count)s: %(days)s days, ¥%(fee)s.")
MOST_RELIABLE: Final = gettext_noop("%(name)s is the most punctual of %(count)s: %(on_time)s %% of %(sample)s parcels on time, ¥%(fee)s.")
UNMEASURED: Final = gettext_noop(
    "No service has %(least)s measured parcels yet; %(name)s is the cheapest of %(count)s: ¥%(fee)s, %(days)s days."
)
FIXED: Final = gettext_noop("%(name)s was asked for by name: ¥%(fee)s, %(days)s days.")
SENTENCES: Final = (CHEAPEST, FASTEST, MOST_RELIABLE, UNMEASURED, FIXED)
LEAST_SAMPLE: Final = 10
"""So many delivered parcels make a punctuality worth comparing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service that could take the parcel. ``on_time`` is a share of ``sample`` parcels, None if nothing was measured."""

    code: str
    name: str
    fee: Decimal
    days: int
    on_time: Decimal | None = None
    sample: int = 0

    @property
    def is_measured(self) -> bool:
        return self.on_time is not None and self.sample >= LEAST_SAMPLE

    def told(self) -> dict[str, Any]:
        """Return what is kept beside the choice."""
        return {
            "code": self.code,
            "name": self.name,
            "fee": f"{self.fee:.2f}",
            "days": self.days,
            "on_time": f"{self.on_time:.4f}" if self.on_time is not None else None,
            "sample": self.sample,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen candidate, the sentence that says why, and the others, the next best first."""

    chosen: Candidate
    because: str
    others: tuple[Candidate, ...]


class NobodyFits(Exception):
    """No candidate at all."""


def choose(candidates: Sequence[Candidate], *, rule: Rule) -> Choice:
    """Choose among candidates that all could take the parcel. Under ``fixed`` the caller gives only the one that was asked for.

    :raises NobodyFits: if there is none
    """
    if not candidates:
        raise NobodyFits
    measured = any(one.is_measured for one in candidates)
    ranked = sorted(candidates, key=lambda one: _order(one, rule, measured=measured))
    first = ranked[0]
    return Choice(first, _because(first, len(ranked), rule, measured=measured), tuple(ranked[1:]))


def _order(one: Candidate, rule: Rule, *, measured: bool) -> tuple[Any, ...]:
    cheap = (one.fee, one.days, one.code)
    if rule == Rule.FASTEST:
        return (one.days, one.fee, one.code)
    if rule == Rule.MOST_RELIABLE and measured:
        return (not one.is_measured, -(one.on_time or Decimal(0)), *cheap)
    return cheap


def _because(first: Candidate, count: int, rule: Rule, *, measured: bool) -> str:
    facts = {
        "name": first.name,
        "count": count,
        "fee": f"{first.fee:.2f}",
        "days": first.days,
        "sample": first.sample,
        "least": LEAST_SAMPLE,
    }
    if first.on_time is not None:
        facts["on_time"] = f"{first.on_time * 100:.1f}"
    if rule == Rule.FASTEST:
        return FASTEST % facts
    if rule == Rule.FIXED:
        return FIXED % facts
    if rule == Rule.MOST_RELIABLE:
        return (MOST_RELIABLE if measured else UNMEASURED) % facts
    return CHEAPEST % facts
