"""A valid request for every write of the API, and a row for everything that can be shown. What is missing here fails the corpus."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.examples import accounts, catalog, floors, house, orders, parcels, products, sample
from tests.hostile.examples.example import Example

EXAMPLES: dict[str, Callable[[], Example]] = {
    **sample.EXAMPLES,
    **accounts.EXAMPLES,
    **house.EXAMPLES,
    **products.EXAMPLES,
    **catalog.EXAMPLES,
    **floors.EXAMPLES,
    **orders.EXAMPLES,
    **parcels.EXAMPLES,
}

__all__ = ["EXAMPLES", "Example"]
