"""Every edge of a waybill: before hand-over by what the warehouse does, after it by what the courier says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from assurance.events.models import Event
from assurance.refusals import Refused
from logistics.couriers import adapters
from logistics.couriers.adapters.interface import Declined, Unanswered
from logistics.couriers.adapters.simulated.courier import SimulatedCourier
from logistics.dispatch import actions as dispatch
from logistics.dispatch.actions import Booking, Handing
from logistics.dispatch.lifecycle import NEXT, WaybillState
from logistics.dispatch.models import Waybill
from logistics.tracking import actions as tracking
from logistics.tracking.actions import Happening
from tests import waybills
from tests.experiments.races import Edge, my_number
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from logistics.couriers.adapters.interface import Answer, Order
    from tests.experiments.edges import Cast

MACHINE: Final = "logistics.waybill.state"
QUIET: Final = [False]
"""Whether the couriers below give no answer: so while a waybill is made that is still asked for."""
SAID: Final = {
    "in_transit": "departed",
    "out_for_delivery": "out_for_delivery",
    "exception": "problem",
    "delivered": "delivered",
    "returned": "returned",
    "lost": "lost",
}
"""State → the event that leads there."""


STEPS: Final = ("logistics.waybill.created", "logistics.waybill.refused", "logistics.waybill.cancelled", "logistics.parcel.handed_over")


class Slow(SimulatedCourier):
    def book(self, orders: Sequence[Order]) -> list[Answer]:
        return [Unanswered(order.key, "quiet") for order in orders] if QUIET[0] else super().book(orders)


class Unwilling(SimulatedCourier):
    def book(self, orders: Sequence[Order]) -> list[Answer]:
        answer = Unanswered if QUIET[0] else Declined
        return [answer(order.key, "no car today") for order in orders]


class Lost(Refused):
    """Somebody else was faster."""

    code = "lost"


class Makers:
    """Waybills in every state, and the steps out of it."""

    def __init__(self, cast: Cast, again: Callable[[User], User]) -> None:
        adapters.ADAPTERS.update(slow=Slow(), unwilling=Unwilling())  # type: ignore[attr-defined]
        self.amal, self.wei, self.again = cast.amal, cast.wei, again
        waybills.stands_in(self.wei.organisation)
        for name in ("simulated", "slow", "unwilling"):
            waybills.service(code=f"race-{name}", adapter=name)
        self.product = waybills.product(self.amal, self.wei, quantity=9_000)

    def booked(self, service: str = "simulated", *, quiet: bool = False) -> Waybill:
        QUIET[0] = quiet
        parcels = waybills.checked(self.amal, self.wei, self.product)
        made = waybills.booked(self.wei, parcels, rule="fixed", service_code=f"race-{service}")[0]
        QUIET[0] = False
        return made

    def left(self, *words: str) -> Waybill:
        """Return a waybill that was handed over, of which these things were said, an hour apart."""
        waybill = self.booked()
        dispatch.hand_over([Handing(waybill.parcel_id)], actor=self.wei, at=NOON)
        waybills.tell(None, *(waybills.happened(waybill, word, NOON + timedelta(hours=n)) for n, word in enumerate(words, 1)))
        waybill.refresh_from_db()
        return waybill

    def ask(self, pk: int) -> None:
        dispatch.choose_and_book([Booking(Waybill.objects.get(pk=pk).parcel_id)], actor=self.again(self.wei), at=mine())
        check_won(pk)

    def call_off(self, pk: int) -> None:
        dispatch.cancel_waybills([pk], reason="raced", actor=self.again(self.wei), at=mine())
        check_won(pk)

    def hand(self, pk: int) -> None:
        dispatch.hand_over([Handing(Waybill.objects.get(pk=pk).parcel_id)], actor=self.again(self.wei), at=mine())
        check_won(pk)


def mine() -> datetime:
    """Return the moment of this racer: it tells in the log who took a step."""
    return NOON + timedelta(minutes=1 + my_number())


def check_won(pk: int) -> None:
    """:raises Lost: if the waybill's step is another racer's"""
    if not Event.objects.filter(subject_kind="logistics.waybill", subject_id=pk, kind__in=STEPS, at=mine()).exists():
        raise Lost


def tell(word: str) -> Callable[[int], None]:
    def act(pk: int) -> None:
        event = Happening(word, word, NOON + timedelta(hours=50), waybill_id=pk)
        if not tracking.record_events([event], source="api", actor=None, at=NOON + timedelta(hours=50)).new:
            raise Lost

    return act


def waybill_edges(cast: Cast, again: Callable[[User], User]) -> list[Edge]:
    makers = Makers(cast, again)
    before = [
        Edge(MACHINE, "requested", "created", lambda: makers.booked("slow", quiet=True), makers.ask),
        Edge(MACHINE, "requested", "refused", lambda: makers.booked("unwilling", quiet=True), makers.ask),
        Edge(MACHINE, "requested", "cancelled", lambda: makers.booked("slow", quiet=True), makers.call_off),
        Edge(MACHINE, "created", "cancelled", makers.booked, makers.call_off),
        Edge(MACHINE, "created", "handed_over", makers.booked, makers.hand),
    ]
    stands = {
        "handed_over": (),
        "in_transit": ("picked_up",),
        "out_for_delivery": ("out_for_delivery",),
        "exception": ("departed", "problem"),
        "lost": ("lost",),
        "returned": ("returned",),
    }
    after = [
        Edge(MACHINE, source, target, lambda said=said: makers.left(*said), tell(SAID[target]))  # type: ignore[misc]
        for source, said in stands.items()
        for target in sorted(NEXT[WaybillState(source)])
    ]
    return before + after
