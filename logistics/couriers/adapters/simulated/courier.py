"""A courier that exists in this process only: it books, gives labels, takes numbers back, and offers nothing else.

The number is made from the key, so that the same order has the same number however often it is asked, without any memory.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NoReturn

from logistics.couriers.adapters.interface import Booked, Deed, Label, NotSupported
from logistics.couriers.zones import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logistics.couriers.adapters.interface import Answer, Order

DIGITS: Final = 14
PREFIX: Final = "SIM"


def number_of(key: str) -> str:
    """Return the number of a key: fourteen digits of its hash, so two keys share one in 10¹⁴."""
    return PREFIX + str(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) % 10**DIGITS).zfill(DIGITS)


class SimulatedCourier:
    """See the module."""

    is_remote = False
    offers = frozenset({Deed.BOOK, Deed.CANCEL, Deed.LABEL})

    def book(self, orders: Sequence[Order]) -> list[Answer]:
        return [Booked(order.key, number_of(order.key)) for order in orders]

    def cancel(self, number: str) -> None:
        """Take the number back; nothing was kept, so there is nothing to forget."""

    def label(self, number: str, *, destination_province: str) -> Label:
        return Label(number, f"{destination_province} {PROVINCES[destination_province]}")

    def book_pickup(self, numbers: Sequence[str]) -> NoReturn:  # noqa: ARG002  the interface's signature
        raise NotSupported(Deed.PICKUP)

    def send_manifest(self, numbers: Sequence[str]) -> NoReturn:  # noqa: ARG002
        raise NotSupported(Deed.MANIFEST)

    def return_label(self, number: str) -> NoReturn:  # noqa: ARG002
        raise NotSupported(Deed.RETURN_LABEL)

    def redeliver(self, number: str) -> NoReturn:  # noqa: ARG002
        raise NotSupported(Deed.REDELIVERY)
