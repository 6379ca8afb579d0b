"""How many units of each product could be sold now, as a fact that the catalogue reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from assurance.calendar import SHANGHAI
from assurance.evidence.actions import Measured
from assurance.evidence.models import Fact
from assurance.gates.models import Stop
from warehouse.stock.custody import Custody
from warehouse.stock.models import StockBalance

if TYPE_CHECKING:
    from datetime import datetime

SELLABLE: Final = "sellable_units"
"""Units that are released, promised to nobody, not expired and not stopped."""


def sellable_units(*, at: datetime) -> dict[int, int]:
    """Return the sellable units of every product that ever stood in a warehouse as released. One query."""
    today = timezone.localtime(at, SHANGHAI).date()
    stopped = Stop.objects.open(at).filter(
        Q(product_id=None) | Q(product_id=OuterRef("lot__product_id")),
        Q(warehouse_id=None) | Q(warehouse_id=OuterRef("lot__warehouse_id")),
        Q(lot_id=None) | Q(lot_id=OuterRef("lot_id")),
        merchant_id=OuterRef("lot__merchant_id"),
    )
    released = StockBalance.objects.filter(custody=Custody.RELEASED)
    good = ~Exists(stopped) & (Q(lot__expiry_date=None) | Q(lot__expiry_date__gt=today))
    summed = released.values("lot__product_id").annotate(units=Sum(F("quantity") - F("reserved"), filter=good, default=0))
    return {row["lot__product_id"]: row["units"] for row in summed.order_by("lot__product_id")}


def news(*, at: datetime) -> list[Measured]:
    """Return the sellable units that differ from what was reported last. Two queries."""
    known = {fact.subject_id: int(fact.value) for fact in Fact.objects.filter(name=SELLABLE, subject_kind="product").latest_of_each()}
    units = sellable_units(at=at)
    return [Measured(product_id, count, 1) for product_id, count in units.items() if known.get(product_id) != count]
