"""Read what an inspector scanned: the product's own code, the lot, or the number of a unit of the sample."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Reading(StrEnum):
    """What a scan turned out to be."""

    UNIT = "unit"
    RECORDED = "recorded"
    OUTSIDE = "outside"
    OTHER = "other"


@dataclass(frozen=True)
class Scan:
    """What was read; ``number`` is the unit to inspect next, if the scan names one."""

    reading: Reading
    number: int | None = None

    @property
    def is_right(self) -> bool:
        return self.reading is Reading.UNIT


def read_scan(code: str, *, goods: Collection[str], sample_size: int, recorded: Collection[int]) -> Scan:
    """Say what a code means at this bench.

    ``goods`` are the codes that these goods carry (SKU, GTIN, lot). One of them confirms that the right goods are at
    hand and leaves the choice of the unit to the order; short figures name a unit. Anything else is something else.
    """
    if code in goods or code.zfill(14) in {one.zfill(14) for one in goods if one.isdigit()}:
        return Scan(Reading.UNIT)
    if not (code.isascii() and code.isdigit() and len(code) <= len(str(sample_size)) + 1):
        return Scan(Reading.OTHER)
    number = int(code)
    if not 1 <= number <= sample_size:
        return Scan(Reading.OUTSIDE, number)
    return Scan(Reading.RECORDED, number) if number in recorded else Scan(Reading.UNIT, number)
