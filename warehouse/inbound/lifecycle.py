"""The states of a shipment notice."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class NoticeState(StrEnum):
    ANNOUNCED = "announced"
    RECEIVING = "receiving"
    RECEIVED = "received"
    CANCELLED = "cancelled"


NEXT: Final[Mapping[NoticeState, frozenset[NoticeState]]] = {
    NoticeState.ANNOUNCED: frozenset({NoticeState.RECEIVING, NoticeState.CANCELLED}),
    NoticeState.RECEIVING: frozenset({NoticeState.RECEIVED}),
    NoticeState.RECEIVED: frozenset(),
    NoticeState.CANCELLED: frozenset(),
}
