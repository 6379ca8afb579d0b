"""The replay as a row of batches: which stage, which part of its items. Every batch commits by itself and may be done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from demo.replay.cast import Cast, gathered
from demo.replay.clock import Course, Depth, course_of, depth_of
from demo.replay.supply import needs_of

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from demo.replay.folder import Folder, Order
    from demo.replay.supply import Need

LARGE: Final = 1000


@dataclass
class Play:
    """What every batch works with. ``at`` is now; what happens in the replay has its own moments."""

    folder: Folder
    at: datetime
    _courses: dict[str, Course] = field(default_factory=dict)

    @property
    def cast(self) -> Cast:
        return gathered()

    @cached_property
    def needs(self) -> dict[str, Need]:
        return needs_of(self.orders)

    @cached_property
    def orders(self) -> list[Order]:
        """All orders in the order of their payment; those that must find nothing come after all others."""
        return sorted(self.folder.orders.values(), key=lambda order: (depth_of(order) == Depth.SHORT, order.paid_at, order.number))

    @cached_property
    def packed(self) -> list[Order]:
        """The orders that came as far as the packing table, in the order of their packing."""
        known = [order for order in self.orders if depth_of(order) in (Depth.PACKED, Depth.HANDED_OVER)]
        return sorted(known, key=lambda order: (self.course(order).packed, order.number))

    @cached_property
    def handed_over(self) -> list[Order]:
        """The orders that came as far as the courier, in the order of their hand-over."""
        known = [order for order in self.orders if depth_of(order) == Depth.HANDED_OVER]
        return sorted(known, key=lambda order: (self.course(order).handed_over, order.number))

    @cached_property
    def begins_at(self) -> datetime:
        """When the first product was ordered; a folder without orders begins now."""
        return min((order.paid_at for order in self.orders), default=self.at)

    def course(self, order: Order) -> Course:
        if order.number not in self._courses:
            self._courses[order.number] = course_of(order)
        return self._courses[order.number]


Items = Callable[[Play], Sequence[Any]]
Work = Callable[[Play, Sequence[Any]], object]


@dataclass(frozen=True)
class Stage:
    """One kind of step: for which items, in sets of which size."""

    name: str
    label: str | Promise
    items: Items
    work: Work
    size: int = LARGE


@dataclass(frozen=True)
class Batch:
    """One part of a stage."""

    stage: Stage
    first: int
    items: Sequence[Any]

    @property
    def last(self) -> int:
        return self.first + len(self.items)


def batches(play: Play, stages: Sequence[Stage]) -> Iterator[Batch]:
    """Yield all batches, numbered through by items. A stage without items has none."""
    place = 0
    for stage in stages:
        items = stage.items(play)
        for start in range(0, len(items), stage.size):
            part = items[start : start + stage.size]
            yield Batch(stage, place, part)
            place += len(part)
