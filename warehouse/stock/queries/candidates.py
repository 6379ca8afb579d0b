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
SELECT lot.id, lot.warehouse_id, lot.product_id, lot.expiry_date, lot.produced_date, lot.first_received_at,
       kept.quantity - kept.reserved, product.shelf_life_days
  FROM warehouse_lot lot
  JOIN warehouse_stockbalance kept ON kept.lot_id = lot.id AND kept.custody = 'released' AND kept.quantity > kept.reserved
  JOIN assurance_product product ON product.id = lot.product_id
 WHERE lot.product_id = ANY(%s) AND (lot.expiry_date IS NULL OR lot.expiry_date >= %s)
"""
CATEGORIES: Final = """
SELECT product.id, category.id, category.parent_id
  FROM assurance_product product JOIN assurance_category category ON category.id = product.category_id
 WHERE product.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Free:
    """The lots of some products with units that nobody was promised, in the order they are to be taken, by product."""

    by_product: dict[int, list[Candidate]]
    categories: dict[int, tuple[int, int | None]]
    """The product's category and the one above it."""


def free_lots(product_ids: Collection[int], *, day: date) -> Free:
    """Return the released lots of these products that have not expired by ``day``. Two queries, no models."""
    by_product: dict[int, list[Candidate]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FREE, [list(product_ids), day])
        for lot_id, warehouse_id, product_id, expiry, produced, received, units, stated in cursor.fetchall():
            life = whole_life(stated, expiry_date=expiry, produced_date=produced)
            ends = expires(expiry_date=expiry, produced_date=produced, shelf_life_days=life)
            by_product[product_id].append(Candidate(lot_id, warehouse_id, product_id, ends, received, units, life))
        cursor.execute(CATEGORIES, [list(product_ids)])
        categories = {product_id: (own, above) for product_id, own, above in cursor.fetchall()}
    return Free({product_id: in_order(lots) for product_id, lots in by_product.items()}, categories)
