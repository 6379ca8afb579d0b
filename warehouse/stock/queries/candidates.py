"""Which lots could be promised to buyers: read without holding anything, however many lots there are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

from warehouse.stock.fefo import Candidate, expires, in_order, whole_life

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

FREE: Final = """
SELECT lot.id, lot.warehouse_id, lot.product_id, lot.expiry_date, lot.produced_date, lot.first_received_at, lot.free,
       product.shelf_life_days, category.id, category.parent_id
  FROM assurance_product product JOIN assurance_category category ON category.id = product.category_id
 CROSS JOIN LATERAL (
       SELECT lot.*, kept.quantity - kept.reserved AS free
         FROM warehouse_lot lot
         JOIN warehouse_stockbalance kept ON kept.lot_id = lot.id AND kept.custody = 'released' AND kept.quantity > kept.reserved
        WHERE lot.product_id = product.id AND (lot.expiry_date IS NULL OR lot.expiry_date >= %(day)s)
        ORDER BY coalesce(lot.expiry_date, lot.produced_date + product.shelf_life_days), lot.first_received_at, lot.id
        LIMIT %(most)s) lot
 WHERE product.id = ANY(%(products)s)
"""
ALL: Final = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Free:
    """The lots of some products with units that nobody was promised, in the order they are to be taken, by product."""

    by_product: dict[int, list[Candidate]]
    categories: dict[int, tuple[int, int | None]]
    """The product's category and the one above it."""
    cut: frozenset[int]
    """The products of which there may be more lots than were asked for."""


def free_lots(product_ids: Collection[int], *, day: date, most: int = ALL) -> Free:
    """Return the released lots of these products that have not expired by ``day``, of each at ``most`` so many.

    One query, no models: product by product, so that what else stands in the warehouses costs nothing.
    """
    by_product: dict[int, list[Candidate]] = defaultdict(list)
    categories: dict[int, tuple[int, int | None]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"products": list(product_ids), "day": day, "most": most})
        rows = cursor.fetchall()
    for lot_id, warehouse_id, product_id, expiry, produced, received, units, stated, category, above in rows:
        life = whole_life(stated, expiry_date=expiry, produced_date=produced)
        ends = expires(expiry_date=expiry, produced_date=produced, shelf_life_days=life)
        by_product[product_id].append(Candidate(lot_id, warehouse_id, product_id, ends, received, units, life))
        categories[product_id] = category, above
    cut = frozenset(product_id for product_id, lots in by_product.items() if len(lots) >= most)
    return Free({product_id: in_order(lots) for product_id, lots in by_product.items()}, categories, cut)
