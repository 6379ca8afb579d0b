"""What keeps a product from being submitted besides its own entries: papers, certificates, claims. Each source registers here.

A source is asked for many products at once and answers for those that it has something against. Its words say what to do and, where
something is blocked, until when. Submitting asks all of them, and so does what the merchant sees before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from assurance.certificates.queries import lacks as certificates_lacking
from assurance.claims.queries import lacks as claims_lacking

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.products.models import Product
    from assurance.products.queries import Lack

    Source = Callable[[Sequence[Product], datetime], Mapping[int, Sequence[Lack]]]

SOURCES: Final[list[Source]] = []


def hurdle(source: Source) -> Source:
    """Register ``source(products, at) -> {product_id: [Lack…]}``: a constant number of queries, whatever the number of products."""
    SOURCES.append(source)
    return source


def hurdles(products: Sequence[Product], *, at: datetime) -> dict[int, list[Lack]]:
    """Return what stands in the way of each product, in the order of the sources; nothing for those that are free to go."""
    found: dict[int, list[Lack]] = defaultdict(list)
    for source in SOURCES:
        for product_id, lacks in source(products, at).items():
            found[product_id] += lacks
    return {product_id: lacks for product_id, lacks in found.items() if lacks}


def doubts(products: Sequence[Product], *, at: datetime) -> dict[int, list[Lack]]:
    """Return what keeps products from being approved: what their claims and certificates lack, and certificates nobody has verified yet."""
    found: dict[int, list[Lack]] = defaultdict(list)
    for lacking in (claims_lacking(products, at), certificates_lacking(products, at, deciding=True)):
        for product_id, lacks in lacking.items():
            found[product_id] += lacks
    return dict(found)


@hurdle
def claims(products: Sequence[Product], at: datetime) -> Mapping[int, Sequence[Lack]]:
    """Return what the products' claims lack: grave words without their proof, and what is refuted."""
    return claims_lacking(products, at)


@hurdle
def certificates(products: Sequence[Product], at: datetime) -> Mapping[int, Sequence[Lack]]:
    """Return what the products' certificates lack: ended, taken away, somebody else's, or shown by another merchant too."""
    return certificates_lacking(products, at)
