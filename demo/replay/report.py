"""What the replay came to, counted from the platform's own tables, never from the files."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, DecimalField, F, Min, Q, Sum
from django.db.models.functions import Cast

from aftersales.reviews.models import BuyerReview
from assurance.accounts.models import Organisation, OrganisationAlias
from assurance.calendar import SHANGHAI
from assurance.fees.models import FeeLine, Statement
from assurance.products.models import Product
from assurance.roles import Kind
from demo.replay.cast import SOURCE
from logistics.tracking.models import TrackingEvent
from warehouse.orders.models import Order, OrderLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

Exact = partial(DecimalField, max_digits=30, decimal_places=0)
DAY: Final = timedelta(hours=24)
FLOOR_ORDERS: Final = 10
FLOOR_PERCENT: Final = 45
VOLUME_PER_GRAM: Final = 6000
"""A volumetric kilogram is 6000 cm³, so a gram is 6000 mm³."""
KEYS: Final = (
    "merchants",
    "products",
    "orders",
    "order_lines",
    "states",
    "courier_events",
    "reviews",
    "goods",
    "freight",
    "paid_and_picked",
    "within_24h",
    "picked_before_paid",
    "merchants_ge_10",
    "merchants_ge_45pct",
    "delivered_late",
    "volumetric_over_actual",
    "charges",
    "statements_total",
)


@dataclass(frozen=True, slots=True)
class Travelled:
    """One order with the first pick-up and the first delivery that its courier told of."""

    merchant_id: int
    marketplace_state: str
    paid_at: datetime
    promised_at: datetime
    picked_up_at: datetime | None
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How fast the orders were picked up, and how many came late."""

    paid_and_picked: int
    within_24h: int
    picked_before_paid: int
    merchants_ge_10: int
    merchants_ge_45pct: int
    delivered_late: int


def report() -> dict[str, Any]:
    """Return the report. A multi-merchant order counts for its first line's merchant, its courier's events once."""
    merchants = _merchants()
    events = TrackingEvent.objects.filter(source=SOURCE)
    orders = Order.objects.filter(source=SOURCE)
    lines = OrderLine.objects.filter(order__source=SOURCE)
    sums = lines.aggregate(goods=Sum(F("unit_price") * F("quantity")), freight=Sum("freight"))
    punctual = judged(_travelled(orders, events))
    said: dict[str, Any] = {
        "merchants": merchants.count(),
        "products": Product.objects.filter(source=SOURCE).count(),
        "orders": orders.count(),
        "order_lines": lines.count(),
        "states": _states(orders),
        "courier_events": events.order_by().values("waybill__parcel__order_id", "raw_status", "occurred_at").distinct().count(),
        "reviews": BuyerReview.objects.filter(source=SOURCE).count(),
        "goods": _amount(sums["goods"]),
        "freight": _amount(sums["freight"]),
        "volumetric_over_actual": _volumetric(),
        "charges": _amount(FeeLine.objects.filter(merchant__in=merchants).aggregate(sum=Sum("amount"))["sum"]),
        "statements_total": _amount(statements_total(merchants)),
    }
    said |= {name: getattr(punctual, name) for name in Punctuality.__slots__}
    return {key: said[key] for key in KEYS}


def judged(orders: Iterable[Travelled]) -> Punctuality:
    """Count. A pick-up before the payment is a wrong clock: it is kept and counted apart, and no merchant is judged by it."""
    count: Counter[str] = Counter()
    spans: dict[int, list[timedelta]] = defaultdict(list)
    for order in orders:
        if order.marketplace_state == "delivered" and order.delivered_at and _day(order.delivered_at) > _day(order.promised_at):
            count["late"] += 1
        if order.picked_up_at is None:
            continue
        count["picked"] += 1
        span = order.picked_up_at - order.paid_at
        if span < timedelta(0):
            count["backwards"] += 1
        else:
            spans[order.merchant_id].append(span)
    within = {merchant: sum(span <= DAY for span in of) for merchant, of in spans.items()}
    many = [merchant for merchant, of in spans.items() if len(of) >= FLOOR_ORDERS]
    return Punctuality(
        paid_and_picked=count["picked"],
        within_24h=sum(within.values()),
        picked_before_paid=count["backwards"],
        merchants_ge_10=len(many),
        merchants_ge_45pct=sum(within[merchant] * 100 >= FLOOR_PERCENT * len(spans[merchant]) for merchant in many),
        delivered_late=count["late"],
    )


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _merchants() -> QuerySet[Organisation]:
    named = OrganisationAlias.objects.filter(source=SOURCE).values("organisation_id")
    return Organisation.objects.of_kind(Kind.MERCHANT).filter(pk__in=named)


def _states(orders: QuerySet[Order]) -> dict[str, int]:
    found = orders.order_by().values_list("marketplace_state").annotate(n=Count("pk"))
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _travelled(orders: QuerySet[Order], events: QuerySet[TrackingEvent]) -> Iterable[Travelled]:
    moments = {
        order: (picked, delivered)
        for order, picked, delivered in events.order_by()
        .values_list("waybill__parcel__order_id")
        .annotate(
            picked=Min("occurred_at", filter=Q(raw_status="picked_up")),
            delivered=Min("occurred_at", filter=Q(raw_status="delivered")),
        )
    }
    for pk, merchant, state, paid, promised in orders.values_list("pk", "merchant_id", "marketplace_state", "paid_at", "promised_at"):
        picked, delivered = moments.get(pk, (None, None))
        yield Travelled(merchant, state, paid, promised, picked, delivered)


def _volumetric() -> int:
    """Count the products whose package weighs more by volume than on the scales; one that was not measured weighs nothing."""
    length, width, height, weight = (Cast(name, Exact()) for name in ("length_mm", "width_mm", "height_mm", "gross_weight_g"))
    heavier = Q(volume__gt=F("weight") * VOLUME_PER_GRAM)
    return Product.objects.filter(source=SOURCE).alias(volume=length * width * height, weight=weight).filter(heavier).count()


def statements_total(merchants: QuerySet[Organisation]) -> Decimal:
    """Return what the merchants' final statements come to."""
    return Statement.objects.filter(merchant__in=merchants).aggregate(sum=Sum("total"))["sum"] or Decimal(0)


def _amount(value: Decimal | None) -> str:
    return f"{value or Decimal(0):.2f}"
