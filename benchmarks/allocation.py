"""Orders that get their goods: batches of 100 in one commit each, while 100,000 lots of 2,000 products stand in two warehouses."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import psycopg2
from django.db import connection
from django.utils import timezone

from assurance.events.models import Event
from assurance.products.models import Product
from assurance.roles import Kind
from benchmarks.sets import Paired, bare
from tests import factories, orders
from warehouse.orders import actions
from warehouse.orders.models import Allocation, Order, OrderLine, Parcel
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from benchmarks.rows import Ground

LOTS: Final = int(os.environ.get("BENCH_LOTS", "100000"))
ORDERS: Final = int(os.environ.get("BENCH_ORDERS", "3000"))
BATCH: Final = 100
UNITS: Final = 500
"""Of each lot."""
FILL: Final = """
WITH made AS (
  INSERT INTO warehouse_lot (merchant_id, warehouse_id, product_id, number, produced_date, expiry_date, first_received_at, source)
  SELECT %(merchant)s, (%(warehouses)s::bigint[])[1 + n / %(products)s %% 2], (%(ids)s::bigint[])[1 + n %% %(products)s], 'B' || n,
         current_date - 60, current_date + 300 + n * 7919 %% 700, now() - make_interval(mins => n), ''
    FROM generate_series(0, %(lots)s - 1) n
  RETURNING id)
INSERT INTO warehouse_stockbalance (lot_id, custody, quantity, reserved)
SELECT id, side.custody, side.quantity, 0
  FROM made, (VALUES ('arrival', -%(units)s), ('released', %(units)s)) side (custody, quantity)
"""


def allocation(ground: Ground) -> Paired:
    """Paid orders, every eighth of two lines, allocated by FEFO: choice, locks, gates, parcels, allocations, events, states."""
    if not Lot.objects.filter(number="B0").exists():
        fill(ground)
    pks = pay(ground)
    now, statements = timezone.now(), 0

    def count(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        nonlocal statements
        statements += 1
        return execute(sql, params, many, context)  # type: ignore[operator]

    began, spent = time.perf_counter(), time.process_time()
    for start in range(0, len(pks), BATCH):
        actions.allocate(pks[start : start + BATCH], actor=None, at=now)
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    more_pks = pay(ground)[:BATCH]
    with connection.execute_wrapper(count):  # apart: counting costs
        actions.allocate(more_pks, actor=None, at=now)
    if Order.objects.filter(pk__in=pks).exclude(state="allocated").exists():
        raise RuntimeError("some orders got no goods")
    written = bare(Parcel, "order_id = ANY(%s)", [pks]) + bare(Allocation, "order_id = ANY(%s)", [pks])
    told = bare(Event, "subject_kind = 'warehouse.order' AND subject_id = ANY(%s) AND kind = 'warehouse.order.allocated'", [pks])
    more = {"cpu_ms_each": round(1000 * cpu / len(pks), 2), "statements_a_batch": statements}
    return Paired(len(pks) / seconds, len(pks) / (written + 2 * told), more)


def fill(ground: Ground) -> None:
    """Let the lots stand there, as bare rows: receipts and moves of so many would take an hour and nothing here reads them."""
    other = factories.organisation(Kind.WAREHOUSE)
    given = {
        "merchant": ground.merchant.pk,
        "warehouses": [ground.warehouse.pk, other.pk],
        "ids": ground.product_ids,
        "products": len(ground.product_ids),
        "lots": LOTS,
        "units": UNITS,
    }
    with psycopg2.connect(os.environ["DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute(FILL, given)
        owner.commit()
        owner.autocommit = True
        for table in ("warehouse_lot", "warehouse_stockbalance"):
            cursor.execute(f"ANALYZE {table}")


def pay(ground: Ground) -> list[int]:
    """Let buyers pay for goods that lie far from one another."""
    owner: User = ground.owner
    seen = OrderLine.objects.count()
    ids = ground.product_ids

    def lines(number: int) -> list[tuple[Product, int]]:
        first, second = (Product(pk=ids[(seen + number) * step % len(ids)]) for step in (7919, 104_729))
        return [(first, 1 + number % 2), (second, 1)] if number % 8 == 0 else [(first, 1 + number % 2)]

    paid = [orders.paid(*lines(number), source="bench", **_moments()) for number in range(ORDERS)]
    return [one.pk for one in orders.take(owner, paid)]


def _moments() -> dict[str, object]:
    now = timezone.now()
    return {"ordered_at": now, "paid_at": now, "ship_by": now + timedelta(days=2), "promised_at": now + timedelta(days=4)}
