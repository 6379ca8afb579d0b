"""What pages and other floors ask about orders and parcels."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import F

from warehouse.orders.models import Allocation, Order, OrderLine
from warehouse.orders.packing import Scan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assurance.products.models import Product


def waiting_for(product_ids: Iterable[int]) -> list[int]:
    """Return the orders that wait for one of these products, who paid first first."""
    lines = OrderLine.objects.filter(product_id__in=set(product_ids), allocated__lt=F("quantity"))
    return list(Order.objects.waiting().filter(pk__in=lines.values("order_id")).order_by("paid_at", "id").values_list("pk", flat=True))


def waiting_of(merchant_id: int) -> list[int]:
    """Return the orders that wait for goods of a merchant."""
    lines = OrderLine.objects.filter(merchant_id=merchant_id, allocated__lt=F("quantity"))
    return list(Order.objects.waiting().filter(pk__in=lines.values("order_id")).order_by("paid_at", "id").values_list("pk", flat=True))


def waiting_longest(most: int) -> list[int]:
    return list(Order.objects.waiting().order_by("paid_at", "id").values_list("pk", flat=True)[:most])


def missing_of(order: Order) -> dict[int, list[Product]]:
    """Return the products an order still waits for, by merchant."""
    found: dict[int, list[Product]] = defaultdict(list)
    for line in order.lines.filter(allocated__lt=F("quantity")).select_related("product").order_by("number", "id"):
        found[line.merchant_id].append(line.product)
    return found


def scans_of(parcel_ids: Iterable[int]) -> dict[int, list[Scan]]:
    """Return what a faultless packer would scan into these parcels (for a replay and for tests)."""
    found: dict[int, list[Scan]] = defaultdict(list)
    standing = Allocation.objects.filter(parcel_id__in=set(parcel_ids)).standing().select_related("product", "lot").order_by("id")
    for one in standing:
        found[one.parcel_id].append(Scan(one.product.gtin or one.product.sku, one.lot.number, one.quantity))
    return found


def reserved_differences() -> list[dict[str, int]]:
    """Return the lots whose reserved units are not the sum of what is promised of them: always empty, and checked to be."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(RESERVED_DIFFERENCES)
        return [{"lot_id": lot_id, "kept": kept, "promised": promised} for lot_id, kept, promised in cursor.fetchall()]


RESERVED_DIFFERENCES = """
SELECT b.lot_id, b.reserved, coalesce(a.units, 0)
  FROM warehouse_stockbalance b
  LEFT JOIN (SELECT lot_id, sum(quantity) AS units FROM warehouse_allocation WHERE state IN ('open', 'picked') GROUP BY lot_id) a
    ON a.lot_id = b.lot_id
 WHERE b.custody = 'released' AND b.reserved <> coalesce(a.units, 0)
"""
