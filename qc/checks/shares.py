"""How many parcels are checked before they are sealed, and which: drawn by a seed that nobody knew when they were packed.

Every parcel, unless a share is set. The draw of a parcel is ``SHA-256("<seed of the day>:<number of the parcel>")``, its first eight
hexadecimal digits modulo 10,000: below the share in hundredths of a percent it is checked. The SHA-256 of the seed is on record from the
first draw of the day, the seed itself from the next day on. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

ALL: Final = 100
"""Percent, where nobody has set a share."""
TICKETS: Final = 10_000


@dataclass(frozen=True)
class Share:
    """So many percent of the parcels of a merchant, a category, a warehouse; what is empty means all. The newest of a scope counts."""

    id: int
    percent: int
    merchant_id: int | None = None
    warehouse_id: int | None = None
    category: str = ""


def share_of(shares: Iterable[Share], *, merchant_id: int, warehouse_id: int, categories: Sequence[str]) -> int:
    """Return the percent for goods of one product; ``categories`` begins with its own, then what stands above.

    The merchant's share counts before a category's, the nearest category's before one above, a warehouse's before everybody's.
    """
    places = {code: len(categories) - place for place, code in enumerate(categories)} | {"": 0}
    fitting = [
        one
        for one in shares
        if one.merchant_id in (None, merchant_id) and one.warehouse_id in (None, warehouse_id) and one.category in places
    ]
    nearest = max(
        fitting, key=lambda one: (one.merchant_id is not None, places[one.category], one.warehouse_id is not None, one.id), default=None
    )
    return nearest.percent if nearest else ALL


def ticket_of(seed: str, parcel_id: int) -> int:
    """Return the parcel's number in the draw, from 0 to 9,999."""
    return int(sha256(f"{seed}:{parcel_id}".encode()).hexdigest()[:8], 16) % TICKETS


def is_drawn(ticket: int, percent: int) -> bool:
    """Say whether a parcel of this number is checked."""
    return ticket * ALL < percent * TICKETS
