"""How fresh goods are on a day, and whether they may still be taken in: domain rules, without a database.

``rules`` is the shelf-life rule of the goods' category (``category.shelf_life``; what it holds: ``assurance.products.freshness``).
When goods must not be sold at all stands in ``data/freshness/<version>.json`` by the rule's code; a rule that has ``stop`` rows of its own
keeps those. An empty rule knows no limit but the expiry date itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assurance.products.freshness import most_age_days, near_days

if TYPE_CHECKING:
    from datetime import date

Rules = Mapping[str, Any]
SHIPPED: Final = Path(__file__).resolve().parents[2] / "data" / "freshness"


class Standing(StrEnum):
    """How goods stand on a day, from the best."""

    UNDATED = "undated"
    FRESH = "fresh"
    NEAR = "near"
    STOPPED = "stopped"
    EXPIRED = "expired"

    @property
    def is_sellable(self) -> bool:
        return self not in (Standing.STOPPED, Standing.EXPIRED)


class Because(StrEnum):
    """Why: what was compared with what."""

    NO_EXPIRY = "no_expiry"
    NO_RULE = "no_rule"
    BEFORE_LIMITS = "before_limits"
    WITHIN_NEAR_DAYS = "within_near_days"
    WITHIN_STOP_DAYS = "within_stop_days"
    PAST_EXPIRY = "past_expiry"
    LIFE_UNKNOWN = "life_unknown"


@dataclass(frozen=True, slots=True)
class Freshness:
    """The state of goods on a day, the days left until their expiry date, and the share of their life that is left.

    ``limit_days`` is the limit that was passed, in days before the expiry date; ``fraction`` is unknown where the whole life is.
    """

    state: Standing
    remaining_days: int | None
    fraction: Fraction | None
    because: Because
    limit_days: int | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether goods are young enough to be taken in; age and limit in days since production, where they are known."""

    is_admitted: bool
    age_days: int | None
    most_days: int | None
    because: Because


def standing(
    *,
    produced: date | None,
    expires: date | None,
    on: date,
    rules: Rules,
    life_days: int | None = None,
    tables: Mapping[str, Any] | None = None,
) -> Freshness:
    """Return how goods stand on a day. ``life_days`` is the life the product states, for goods without a production date.

    The last day itself is not past. Where nobody states the life, the widest
    limits of the rule hold: what is not known never makes goods fresher.
    """
    if expires is None:
        return Freshness(Standing.UNDATED, None, None, Because.NO_EXPIRY)
    remaining = (expires - on).days
    life = _life(produced, expires, life_days)
    fraction = max(Fraction(0), min(Fraction(1), Fraction(remaining, life))) if life else None
    if remaining < 0:
        return Freshness(Standing.EXPIRED, remaining, fraction, Because.PAST_EXPIRY, 0)
    if not rules:
        return Freshness(Standing.FRESH, remaining, fraction, Because.NO_RULE)
    near, stop = limits(rules, life, tables=tables)
    if remaining <= stop:
        return Freshness(Standing.STOPPED, remaining, fraction, Because.WITHIN_STOP_DAYS, stop)
    if remaining <= near:
        return Freshness(Standing.NEAR, remaining, fraction, Because.WITHIN_NEAR_DAYS, near)
    return Freshness(Standing.FRESH, remaining, fraction, Because.BEFORE_LIMITS)


def limits(rules: Rules, life_days: int | None, *, tables: Mapping[str, Any] | None = None) -> tuple[int, int]:
    """Return how many days before the expiry date goods are near their end, and are not sold any more."""
    stops = rules.get("stop") or _stops(rules.get("code", ""), tables or shipped_tables())
    if life_days is None:
        near = max(_widest(row) for row in rules["near"])
        return near, min(near, max(_widest(row) for row in stops))
    near = near_days(life_days, rules) or 0
    row = next(row for row in stops if life_days >= row.get("life_from", 0))
    stop = int(row["days"]) if "days" in row else min(floor(life_days * Fraction(row["share"])), int(row["most_days"]))
    return near, min(near, stop)


def admit(
    *, produced: date | None, expires: date | None, on: date, rules: Rules, is_gift: bool = False, life_days: int | None = None
) -> Admission:
    """Say whether goods are young enough to be taken in on a day: not expired, and not more of their life used up than the rule allows.

    Without a rule only expired goods stay outside. With one, goods whose age nobody can tell are not admitted.
    """
    if expires is not None and expires < on:
        return Admission(False, None, None, Because.PAST_EXPIRY)
    if not rules or (expires is None and produced is None):
        return Admission(True, None, None, Because.NO_RULE)
    life = life_days if expires is None else _life(produced, expires, life_days)
    if life is None:
        return Admission(False, None, None, Because.LIFE_UNKNOWN)
    age = (on - produced).days if produced else max(0, life - (expires - on).days)  # type: ignore[operator]  # one of both is there
    most = most_age_days(life, rules, is_gift=is_gift)
    if most is None or age <= most:
        return Admission(True, age, most, Because.BEFORE_LIMITS)
    return Admission(False, age, most, Because.WITHIN_NEAR_DAYS)


@cache
def shipped_tables() -> Mapping[str, Any]:
    """Return the newest stop-sale tables we ship."""
    told: dict[str, Any] = json.loads(max(SHIPPED.glob("*.json")).read_text(encoding="utf-8"))
    return told


def _life(produced: date | None, expires: date, life_days: int | None) -> int | None:
    """The life printed on the goods, or else the one the product states."""
    life = (expires - produced).days if produced else life_days
    return life if life and life > 0 else None


def _widest(row: Mapping[str, Any]) -> int:
    return int(row["days"] if "days" in row else row["most_days"])


def _stops(code: str, tables: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tables["stop"].get(code, tables["stop"][""])
    return found
