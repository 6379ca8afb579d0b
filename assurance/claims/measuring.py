"""Does what was measured fit what is claimed? The tolerance belongs to the property; what no table names must be met as it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Measured(StrEnum):
    """What of a product is measured; a laboratory test of the same name answers it (``rated_power`` – ``appliance-rated-power``)."""

    RATED_POWER = "rated_power"
    FIBRE_CONTENT = "fibre_content"
    FILLING_CONTENT = "filling_content"
    NET_CONTENT = "net_content"
    CAPACITY = "capacity"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


FACTORS: Final[Mapping[str, tuple[str, Decimal]]] = {
    "w": ("w", Decimal(1)),
    "瓦": ("w", Decimal(1)),
    "kw": ("w", Decimal(1000)),
    "千瓦": ("w", Decimal(1000)),
    "g": ("g", Decimal(1)),
    "克": ("g", Decimal(1)),
    "kg": ("g", Decimal(1000)),
    "千克": ("g", Decimal(1000)),
    "公斤": ("g", Decimal(1000)),
    "mg": ("g", Decimal("0.001")),
    "ml": ("ml", Decimal(1)),
    "毫升": ("ml", Decimal(1)),
    "l": ("ml", Decimal(1000)),
    "升": ("ml", Decimal(1000)),
    "mah": ("mah", Decimal(1)),
    "ah": ("mah", Decimal(1000)),
    "%": ("%", Decimal(1)),
    "％": ("%", Decimal(1)),
}
NONE_FOUND: Final = re.compile(r"^(未检出|不得检出|n\.?d\.?|not detected|<.*|≤.*)$", re.IGNORECASE)


NUMBER: Final = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*([^0-9\s.,;<>≤≥-]*)")


@dataclass(frozen=True)
class Comparison:
    """Whether the measured value fits, and between which bounds it would; in the unit of the claim."""

    agrees: bool
    least: Decimal | None
    most: Decimal | None
    measured: Decimal


def read(reported: str, unit: str = "") -> tuple[Decimal, str] | None:
    """Return number and unit that a laboratory reported, 0 for what it did not find; nothing for words.

    A unit beside the number (``310 W``) counts, else the test's ``unit``.
    """
    written = reported.strip()
    if NONE_FOUND.match(written):
        return Decimal(0), unit
    found = NUMBER.fullmatch(written)
    return (Decimal(found[1]), found[2] or unit) if found else None


def converted(value: Decimal, unit: str, into: str) -> Decimal | None:
    """Return a value in another unit, or nothing if the two measure different things."""
    own, other = FACTORS.get(unit.strip().lower()), FACTORS.get(into.strip().lower())
    if own is None or other is None:
        return value if unit.strip().lower() == into.strip().lower() else None
    return value * own[1] / other[1] if own[0] == other[0] else None


def compare(of: Measured, claimed: Decimal, unit: str, measured: Decimal, measured_unit: str) -> Comparison | None:
    """Compare a measured value with the claim; nothing if their units measure different things.

    Power: 10 % less and 15 % more are accepted. GB 4706.1 sets a motor no lower limit, so an appliance that passes it may still be weaker
    than it is said to be; a claim has one. Fibres: GB/T 29862, ±5 points, ±3 up to 10 %, of up to 3 % any; filling ±10, ±5 up to 20 %, of
    up to 5 % any. Content and capacity: 3 % less (our own default).
    """
    value = converted(measured, measured_unit, unit)
    if value is None:
        return None
    least, most = _bounds(of, claimed)
    is_named_but_absent = of in (Measured.FIBRE_CONTENT, Measured.FILLING_CONTENT) and value == 0 < claimed
    agrees = not is_named_but_absent and (least is None or value >= least) and (most is None or value <= most)
    return Comparison(agrees, least, most, value)


def _bounds(of: Measured, claimed: Decimal) -> tuple[Decimal | None, Decimal | None]:
    if of is Measured.RATED_POWER:
        return claimed * Decimal("0.90"), claimed * Decimal("1.15")
    if of is Measured.FIBRE_CONTENT:
        return _around(claimed, small=Decimal(10), narrow=Decimal(3), wide=Decimal(5), trace=Decimal(3))
    if of is Measured.FILLING_CONTENT:
        return _around(claimed, small=Decimal(20), narrow=Decimal(5), wide=Decimal(10), trace=Decimal(5))
    if of in (Measured.NET_CONTENT, Measured.CAPACITY):
        return claimed * Decimal("0.97"), None
    return (None, claimed) if of is Measured.AT_MOST else (claimed, None)


def _around(claimed: Decimal, *, small: Decimal, narrow: Decimal, wide: Decimal, trace: Decimal) -> tuple[Decimal, Decimal | None]:
    if claimed <= trace:
        return Decimal(0), None
    margin = narrow if claimed <= small else wide
    return max(claimed - margin, Decimal(0)), claimed + margin


def answers(of: Measured, test_code: str, test_name: str, component: str) -> bool:
    """Say whether a laboratory test speaks of this property; of fibres and fillings its name must hold the component."""
    named = f"-{test_code}-".replace("_", "-")
    return f"-{of.value.replace('_', '-')}-" in named and (not component or component in test_name)
