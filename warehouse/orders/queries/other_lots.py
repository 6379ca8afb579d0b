"""Which lots may be taken instead of the one that was proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from assurance.calendar import SHANGHAI
from assurance.gates.queries import stops_of
from warehouse.stock.custody import Custody
from warehouse.stock.fefo import in_order, is_fresh
from warehouse.stock.models import Lot, StockBalance
from warehouse.stock.queries import LifeRules, as_candidate

if TYPE_CHECKING:
    from datetime import datetime

    from warehouse.orders.models import Allocation, Order


def other_lots(proposed: Allocation, order: Order, *, at: datetime) -> list[tuple[Lot, int]]:
    """Return the lots with free units that are fresh enough and not stopped, in the order of allocation. Three queries."""
    day, promised = at.astimezone(SHANGHAI).date(), order.promised_at.astimezone(SHANGHAI).date()
    kept = StockBalance.objects.filter(
        custody=Custody.RELEASED,
        quantity__gt=F("reserved"),
        lot__product_id=proposed.product_id,
        lot__warehouse_id=proposed.warehouse_id,
    ).exclude(lot_id=proposed.lot_id)
    rules, stops = LifeRules.of("sell", day=day), stops_of([proposed.merchant_id], at=at)
    lots: dict[int, tuple[Lot, int]] = {}
    found = []
    for row in kept.select_related("lot__product__category"):
        lot = row.lot
        one = as_candidate(lot, row.available)
        least = rules.least(lot.product.category, channel=order.source, life=one.shelf_life_days)
        goods = {"product_id": lot.product_id, "warehouse_id": lot.warehouse_id, "lot_id": lot.pk}
        if is_fresh(one, day=day, promised=promised, least=least.days) and not any(
            stop.covers(merchant_id=lot.merchant_id, **goods) for stop in stops
        ):
            lots[lot.pk] = (lot, row.available)
            found.append(one)
    return [lots[one.lot_id] for one in in_order(found)]
