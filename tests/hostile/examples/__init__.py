"""A valid request for every write of the API, and a row for everything that can be shown. What is missing here fails the corpus."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.examples import (
    accounts,
    cases,
    catalog,
    categories,
    certificates,
    claims,
    evidence,
    failures,
    fees,
    floors,
    house,
    labs,
    orders,
    papers,
    parcels,
    products,
    returns,
    sample,
    stock,
)
from tests.hostile.examples.example import Example

EXAMPLES: dict[str, Callable[[], Example]] = {
    **sample.EXAMPLES,
    **accounts.EXAMPLES,
    **cases.EXAMPLES,
    **house.EXAMPLES,
    **products.EXAMPLES,
    **catalog.EXAMPLES,
    **categories.EXAMPLES,
    **claims.EXAMPLES,
    **evidence.EXAMPLES,
    **fees.EXAMPLES,
    **floors.EXAMPLES,
    **labs.EXAMPLES,
    **orders.EXAMPLES,
    **certificates.EXAMPLES,
    **papers.EXAMPLES,
    **parcels.EXAMPLES,
    **failures.EXAMPLES,
    **returns.EXAMPLES,
    **stock.EXAMPLES,
}

__all__ = ["EXAMPLES", "Example"]
