"""The states of a waybill. From hand-over on they follow from its events (``tracking/state.py``), never from somebody's wish."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class WaybillState(StrEnum):
    REQUESTED = "requested"
    CREATED = "created"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed_over"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    EXCEPTION = "exception"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"


BEFORE: Final = frozenset({WaybillState.REQUESTED, WaybillState.CREATED})
"""The parcel has not left yet."""
ON_THE_WAY: Final = frozenset({WaybillState.HANDED_OVER, WaybillState.IN_TRANSIT, WaybillState.OUT_FOR_DELIVERY, WaybillState.EXCEPTION})
GIVEN_UP: Final = frozenset({WaybillState.REFUSED, WaybillState.CANCELLED, WaybillState.RETURNED, WaybillState.LOST})
"""The parcel may travel again, on a new waybill."""
ENDED: Final = frozenset({WaybillState.DELIVERED, WaybillState.RETURNED, WaybillState.LOST})

_ENDS: Final = frozenset({WaybillState.DELIVERED, WaybillState.RETURNED, WaybillState.LOST})
NEXT: Final[Mapping[WaybillState, frozenset[WaybillState]]] = {
    WaybillState.REQUESTED: frozenset({WaybillState.CREATED, WaybillState.REFUSED, WaybillState.CANCELLED}),
    WaybillState.CREATED: frozenset({WaybillState.HANDED_OVER, WaybillState.CANCELLED}),
    WaybillState.REFUSED: frozenset(),
    WaybillState.CANCELLED: frozenset(),
    WaybillState.HANDED_OVER: frozenset({WaybillState.IN_TRANSIT, WaybillState.OUT_FOR_DELIVERY, WaybillState.EXCEPTION}) | _ENDS,
    WaybillState.IN_TRANSIT: frozenset({WaybillState.OUT_FOR_DELIVERY, WaybillState.EXCEPTION}) | _ENDS,
    WaybillState.OUT_FOR_DELIVERY: frozenset({WaybillState.EXCEPTION}) | _ENDS,
    WaybillState.EXCEPTION: frozenset({WaybillState.IN_TRANSIT, WaybillState.OUT_FOR_DELIVERY}) | _ENDS,
    # found again, or signed for after all: an end gives way only to a better proved one
    WaybillState.LOST: frozenset({WaybillState.RETURNED, WaybillState.DELIVERED}),
    WaybillState.RETURNED: frozenset({WaybillState.DELIVERED}),
    WaybillState.DELIVERED: frozenset(),
}
