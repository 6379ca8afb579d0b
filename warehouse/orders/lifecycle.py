"""The states of orders, parcels and allocations, and how an order stands by its parcels."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class OrderState(StrEnum):
    PAID = "paid"
    SHORT = "short"
    ALLOCATED = "allocated"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class ParcelState(StrEnum):
    PICKING = "picking"
    PACKED = "packed"
    CHECKED = "checked"
    HANDED_OVER = "handed_over"
    CANCELLED = "cancelled"


class AllocationState(StrEnum):
    OPEN = "open"
    PICKED = "picked"
    SHIPPED = "shipped"
    FREED = "freed"


class WaveState(StrEnum):
    PLANNED = "planned"
    PICKING = "picking"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class WeightState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REPACKED = "repacked"


NEXT: Final[Mapping[OrderState, frozenset[OrderState]]] = {
    OrderState.PAID: frozenset({OrderState.ALLOCATED, OrderState.SHORT, OrderState.CANCELLED}),
    OrderState.SHORT: frozenset({OrderState.ALLOCATED, OrderState.CANCELLED}),
    OrderState.ALLOCATED: frozenset({OrderState.PACKED, OrderState.SHORT, OrderState.CANCELLED}),
    OrderState.PACKED: frozenset({OrderState.SHIPPED, OrderState.ALLOCATED, OrderState.SHORT, OrderState.CANCELLED}),
    OrderState.SHIPPED: frozenset({OrderState.DELIVERED}),
    OrderState.DELIVERED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}
PARCEL_NEXT: Final[Mapping[ParcelState, frozenset[ParcelState]]] = {
    ParcelState.PICKING: frozenset({ParcelState.PACKED, ParcelState.CANCELLED}),
    ParcelState.PACKED: frozenset({ParcelState.CHECKED, ParcelState.PICKING, ParcelState.CANCELLED}),
    ParcelState.CHECKED: frozenset({ParcelState.HANDED_OVER, ParcelState.PICKING, ParcelState.CANCELLED}),
    ParcelState.HANDED_OVER: frozenset(),
    ParcelState.CANCELLED: frozenset(),
}
ALLOCATION_NEXT: Final[Mapping[AllocationState, frozenset[AllocationState]]] = {
    AllocationState.OPEN: frozenset({AllocationState.PICKED, AllocationState.FREED}),
    AllocationState.PICKED: frozenset({AllocationState.SHIPPED, AllocationState.FREED}),
    AllocationState.SHIPPED: frozenset(),
    AllocationState.FREED: frozenset(),
}

WAVE_NEXT: Final[Mapping[WaveState, frozenset[WaveState]]] = {
    WaveState.PLANNED: frozenset({WaveState.PICKING, WaveState.CANCELLED}),
    WaveState.PICKING: frozenset({WaveState.FINISHED}),
    WaveState.FINISHED: frozenset(),
    WaveState.CANCELLED: frozenset(),
}
WEIGHT_NEXT: Final[Mapping[WeightState, frozenset[WeightState]]] = {
    WeightState.OPEN: frozenset({WeightState.ACCEPTED, WeightState.REPACKED}),
    WeightState.ACCEPTED: frozenset(),
    WeightState.REPACKED: frozenset(),
}

WAITING: Final = (OrderState.PAID, OrderState.SHORT)
"""What allocation looks at."""
UNDER_WAY: Final = (ParcelState.PICKING, ParcelState.PACKED, ParcelState.CHECKED)
"""What stands in the warehouse."""
CLEARED: Final = (ParcelState.CHECKED, ParcelState.HANDED_OVER)
"""What carries a clearance."""
RANK: Final[Mapping[ParcelState, OrderState]] = {
    ParcelState.PICKING: OrderState.ALLOCATED,
    ParcelState.PACKED: OrderState.PACKED,
    ParcelState.CHECKED: OrderState.PACKED,
    ParcelState.HANDED_OVER: OrderState.SHIPPED,
}
ORDER: Final = (OrderState.ALLOCATED, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED)


def state_by_parcels(parcels: Iterable[tuple[ParcelState, bool]], *, is_whole: bool) -> OrderState:
    """Return how an order stands: as far as its last parcel is, or short while something of it stands in no parcel.

    ``parcels`` are the states of the parcels with whether each was delivered; cancelled ones do not count.
    """
    reached = [
        OrderState.DELIVERED if state == ParcelState.HANDED_OVER and is_delivered else RANK[state]
        for state, is_delivered in parcels
        if state != ParcelState.CANCELLED
    ]
    if not is_whole or not reached:
        return OrderState.SHORT
    return min(reached, key=ORDER.index)
