"""How many days goods must have left, by category and channel; the most telling rule that has begun counts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days, or where the whole life is known a share of it, never more than these days. Empty category and channel: any."""

    key: int
    category_id: int | None
    channel: str
    days: int
    share: Fraction | None
    from_date: date

    def days_left(self, shelf_life_days: int | None) -> int:
        if self.share is None or shelf_life_days is None:
            return self.days
        return min(self.days, ceil(self.share * shelf_life_days))


def choose(limits: Iterable[Limit], *, categories: tuple[int | None, ...], channel: str, day: date) -> Limit | None:
    """Return the limit that counts, or nothing.

    ``categories`` are the goods' category and those above it, the nearest first. A nearer category outranks a channel; of several
    from different days the latest counts, of one day the one that was set last.
    """
    fitting = [
        one
        for one in limits
        if one.from_date <= day and one.channel in ("", channel) and (one.category_id is None or one.category_id in categories)
    ]

    def telling(one: Limit) -> tuple[int, bool, date, int]:
        nearness = -categories.index(one.category_id) if one.category_id is not None else -len(categories)
        return nearness, one.channel != "", one.from_date, one.key

    return max(fitting, key=telling, default=None)
