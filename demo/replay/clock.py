"""When the steps of an order happened that the marketplace does not tell of, between those that it tells of. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from demo.replay.chance import share

if TYPE_CHECKING:
    from demo.replay.folder import Order

USUAL: Final = timedelta(hours=9)
"""How long a parcel takes from payment to the courier where the marketplace's clocks do not say."""
NO_SOONER: Final = timedelta(minutes=20)
STEPS: Final = ("allocated", "picked", "packed", "checked", "booked")


class Depth(IntEnum):
    """How far an order came in our house."""

    CANCELLED = 0
    PAID = 1
    SHORT = 2
    PACKED = 3
    HANDED_OVER = 4


DEPTH_OF: Final = {
    "created": Depth.PAID,
    "approved": Depth.PAID,
    "unavailable": Depth.SHORT,
    "invoiced": Depth.PACKED,
    "processing": Depth.PACKED,
    "shipped": Depth.HANDED_OVER,
    "delivered": Depth.HANDED_OVER,
    "canceled": Depth.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Course:
    """The moments of one order's way through the house."""

    paid: datetime
    allocated: datetime
    picked: datetime
    packed: datetime
    checked: datetime
    booked: datetime
    handed_over: datetime


def depth_of(order: Order) -> Depth:
    """Return how far the order came. What a courier has touched was handed over, whatever the marketplace calls it."""
    return Depth.HANDED_OVER if order.events else DEPTH_OF[order.state]


def course_of(order: Order) -> Course:
    """Spread our own steps between payment and pick-up; where the clocks run backwards, over a usual working time."""
    end = _handed_over(order)
    span = end - order.paid_at
    moments = {step: order.paid_at + span * (place + 0.4 + 0.5 * share(order.number, step)) / 6 for place, step in enumerate(STEPS)}
    return Course(paid=order.paid_at, handed_over=end, **{step: at.replace(microsecond=0) for step, at in moments.items()})


def _handed_over(order: Order) -> datetime:
    picked_up = next((event.occurred_at for event in order.events if event.state == "picked_up"), None)
    if picked_up and picked_up - order.paid_at >= NO_SOONER:
        return picked_up
    return (order.paid_at + USUAL * (0.5 + share(order.number, "usual"))).replace(microsecond=0)
