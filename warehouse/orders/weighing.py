"""Decide whether a parcel weighs what its goods and a box weigh: a rule with a version, without a database.

The tolerance stands in ``data/parcel_weights/<version>.json``. Where only the net weight of goods is known their packs come on top, so
what is too heavy begins higher. What is missing shows below, what is too much above; the box is allowed for above only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

Tolerance = Mapping[str, Any]
IN_FORCE: Final = "2026-11"
SHIPPED: Final = Path(__file__).resolve().parents[2] / "data" / "parcel_weights"


@dataclass(frozen=True, slots=True)
class Goods:
    """So many units of one product, with what one unit weighs in grams as far as it is known."""

    units: int
    gross_g: int | None = None
    net_g: int | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a parcel should weigh, and between what it passes. Grams."""

    grams: int
    lowest_g: int
    highest_g: int
    rule: str

    def holds(self, measured_g: int) -> bool:
        return self.lowest_g <= measured_g <= self.highest_g


@cache
def tolerance(version: str = IN_FORCE) -> Tolerance:
    """Return a shipped tolerance."""
    found: Tolerance = json.loads((SHIPPED / f"{version}.json").read_text(encoding="utf-8"))
    return found


def expected(goods: Iterable[Goods], rule: Tolerance | None = None) -> Expected | None:
    """Return what a parcel of these goods should weigh, or nothing when the weight of one of them is unknown."""
    given, rule = list(goods), rule or tolerance()
    grams = [one.units * (one.gross_g or one.net_g or 0) for one in given]
    if not grams or not all(grams):
        return None
    total = sum(grams)
    margin = rule["gross" if all(one.gross_g for one in given) else "net"]
    packing = rule["packing"]
    lowest = total * (1 - Decimal(margin["under"])) - margin["grams"]
    highest = total * (1 + Decimal(margin["over"]) + Decimal(packing["share"])) + margin["grams"] + packing["grams"]
    least = max(1, int(lowest.to_integral_value(ROUND_FLOOR)))
    return Expected(total, least, int(highest.to_integral_value(ROUND_CEILING)), rule["version"])
