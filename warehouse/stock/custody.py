"""Where goods can stand in custody, and which moves between these places exist."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Custody(StrEnum):
    """The two outer accounts (received from, shipped …) and the inner ones whose sum is what was received."""

    ARRIVAL = "arrival"
    PENDING = "pending"
    RELEASED = "released"
    HELD = "held"
    SAMPLED = "sampled"
    RETURNED = "returned"
    DESTROYED = "destroyed"
    SHIPPED = "shipped"


INSIDE: Final = tuple(custody for custody in Custody if custody is not Custody.ARRIVAL)
"""received = pending + released + held + sampled + returned + destroyed + shipped, per lot."""

ON_HAND: Final = (Custody.PENDING, Custody.RELEASED, Custody.HELD)
"""What stands in the warehouse, in bins or on the floor."""
GONE: Final = (Custody.SAMPLED, Custody.RETURNED, Custody.DESTROYED, Custody.SHIPPED)
"""What has left its place."""

NEXT: Final[Mapping[Custody, frozenset[Custody]]] = {
    Custody.ARRIVAL: frozenset({Custody.PENDING}),
    Custody.PENDING: frozenset({Custody.RELEASED, Custody.HELD, Custody.SAMPLED}),
    Custody.RELEASED: frozenset({Custody.HELD, Custody.SAMPLED, Custody.SHIPPED}),
    Custody.HELD: frozenset({Custody.RELEASED, Custody.RETURNED, Custody.DESTROYED, Custody.SAMPLED, Custody.PENDING}),
    Custody.SAMPLED: frozenset({Custody.DESTROYED}),
    Custody.RETURNED: frozenset(),
    Custody.DESTROYED: frozenset(),
    Custody.SHIPPED: frozenset({Custody.PENDING}),
}
