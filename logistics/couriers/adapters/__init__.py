"""Couriers as plug-ins: one folder each behind one interface (``interface.py``); ``adapter()`` finds it by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection

from logistics.couriers.adapters.simulated.courier import SimulatedCourier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logistics.couriers.adapters.interface import Courier

ADAPTERS: Final[Mapping[str, Courier]] = {"simulated": SimulatedCourier()}
"""Name → the courier's programme. What is not here cannot be chosen for a service."""


class NetworkInTransaction(RuntimeError):
    """A courier beyond the network was to be asked inside a transaction; it would hold locks while it thinks."""


def adapter(name: str) -> Courier:
    """Return the programme of a courier that may be asked now.

    :raises KeyError: if there is none of this name
    :raises NetworkInTransaction: if it speaks over a network and a transaction is open
    """
    courier = ADAPTERS[name]
    if courier.is_remote and connection.in_atomic_block:
        raise NetworkInTransaction(name)
    return courier
