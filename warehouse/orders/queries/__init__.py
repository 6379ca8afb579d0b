"""What pages and other floors ask about orders and parcels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext

from assurance.states import dress
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Allocation, Order, OrderLine, PackingRecord, Parcel, ParcelItem, WeightDeviation
from warehouse.orders.packing import Scan
from warehouse.orders.weighing import Goods, expected
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from assurance.accounts.models import User
    from assurance.products.models import Product
    from warehouse.orders.models import OrderQuerySet, ParcelQuerySet
    from warehouse.orders.weighing import Expected

MOST_DIGITS: Final = 12


# --- what waits ---------------------------------------------------------------------------------------------------
def waiting_for(product_ids: Iterable[int]) -> list[int]:
    """Return the orders that wait for one of these products, who paid first first."""
    return _waiting(OrderLine.objects.filter(product_id__in=set(product_ids)))


def waiting_of(merchant_id: int) -> list[int]:
    """Return the orders that wait for goods of a merchant, who paid first first."""
    return _waiting(OrderLine.objects.filter(merchant_id=merchant_id))


def waiting_longest(most: int) -> list[int]:
    """Return the orders that wait for anything, who paid first first."""
    return list(Order.objects.waiting().order_by("paid_at", "id").values_list("pk", flat=True)[:most])


def _waiting(lines: QuerySet[OrderLine]) -> list[int]:
    orders = lines.filter(allocated__lt=F("quantity")).values("order_id")
    return list(Order.objects.waiting().filter(pk__in=orders).order_by("paid_at", "id").values_list("pk", flat=True))


def missing_of(order: Order) -> dict[int, list[Product]]:
    """Return the products an order still waits for, by merchant."""
    found: dict[int, list[Product]] = defaultdict(list)
    for line in order.lines.filter(allocated__lt=F("quantity")).select_related("product").order_by("number", "id"):
        found[line.merchant_id].append(line.product)
    return found


# --- orders -------------------------------------------------------------------------------------------------------
def find(user: User, *, q: str = "", state: str = "") -> OrderQuerySet:
    """Return the orders a user sees, the newest first, each with the lines the user may see as ``shown_lines``."""
    mine = OrderLine.objects.visible_to(user)
    found = Order.objects.visible_to(user).prefetch_related(
        Prefetch("lines", mine.select_related("product", "merchant").order_by("number", "id"), to_attr="shown_lines")
    )
    if state:
        found = found.filter(state=state)
    if q:
        named = mine.filter(Q(product__name__icontains=q) | Q(product__sku__istartswith=q)).values("order_id")
        found = found.filter(Q(number__istartswith=q) | Q(pk__in=named))
    return found.order_by("-id")


@dataclass(frozen=True)
class OrderPage:
    """One order as far as its reader may see it: own lines, own parcels."""

    order: Order
    lines: list[OrderLine]
    parcels: list[Parcel]

    @property
    def goods(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def freight(self) -> Decimal:
        return sum((line.freight for line in self.lines), Decimal("0.00"))

    @property
    def may_be_cancelled(self) -> bool:
        return self.order.is_open and all(parcel.state != ParcelState.HANDED_OVER for parcel in self.parcels)


def order_page(order: Order, user: User) -> OrderPage:
    """Gather an order's page; ``order`` comes from ``find``."""
    parcels = Parcel.objects.visible_to(user).filter(order=order).select_related("warehouse", "merchant").order_by("id")
    return OrderPage(order, order.shown_lines, list(parcels))  # type: ignore[attr-defined]


# --- parcels ------------------------------------------------------------------------------------------------------
def find_parcels(user: User, *, q: str = "", state: str = "") -> ParcelQuerySet:
    """Return the parcels a user sees: what stands in the warehouse by its deadline, or those of one state, the newest first."""
    found = Parcel.objects.visible_to(user).select_related("order", "merchant", "warehouse", "picker")
    if q:
        number = q.upper().removeprefix("BG-")
        named = Q(order__number__istartswith=q)
        if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
            named |= Q(pk=int(number))
        found = found.filter(named)
    if state:
        return found.filter(state=state).order_by("-id")
    return found.order_by("-id") if q else found.under_way().order_by("ship_by", "id")


def parcel_called(user: User, code: str) -> Parcel | None:
    """Return the parcel whose number was scanned or typed, if the user sees it."""
    number = code.strip().upper().removeprefix("BG-")
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        return None
    return Parcel.objects.visible_to(user).filter(pk=int(number)).first()


@dataclass(frozen=True)
class Content:
    """One allocation with what of it lies in the parcel."""

    allocation: Allocation
    packed: int

    @property
    def missing(self) -> int:
        return self.allocation.quantity - self.packed


@dataclass(frozen=True)
class ParcelPage:
    """A parcel with what belongs into it and how far it is."""

    parcel: Parcel
    contents: list[Content]
    entries: list[dict[str, object]]
    deviation: WeightDeviation | None
    records: list[PackingRecord]

    @property
    def units(self) -> int:
        return sum(one.allocation.quantity for one in self.contents)

    @property
    def packed(self) -> int:
        return sum(one.packed for one in self.contents)

    @property
    def is_complete(self) -> bool:
        return bool(self.contents) and self.units == self.packed


def contents_of(parcels: Sequence[Parcel]) -> dict[int, list[Content]]:
    """Return what belongs into each parcel, lots that expire first first; of a cancelled one what had been promised."""
    found: dict[int, list[Content]] = defaultdict(list)
    rows = Allocation.objects.filter(parcel__in=parcels, replaced_by=None).select_related("product", "lot", "item")
    for one in rows.order_by("lot__expiry_date", "id"):
        found[one.parcel_id].append(Content(one, one.item.quantity if hasattr(one, "item") else 0))
    return found


def parcel_page(parcel: Parcel) -> ParcelPage:
    """Gather a parcel's page; three queries."""
    deviation = WeightDeviation.objects.open().filter(parcel=parcel).first() if parcel.measured_weight_g else None
    records = list(PackingRecord.objects.filter(parcel=parcel).select_related("file").order_by("id"))
    return ParcelPage(parcel, contents_of([parcel])[parcel.pk], timeline(parcel), deviation, records)


def timeline(parcel: Parcel) -> list[dict[str, object]]:
    """Return what happened to a parcel, the newest first."""
    moments = (
        (parcel.created_at, "wait", gettext("Stock allocated")),
        (parcel.picking_at, "run", gettext("Picking begun")),
        (parcel.picked_at, "run", gettext("Picked")),
        (parcel.packed_at, dress("warehouse.parcel.state", "packed").tone, gettext("Packed")),
        (parcel.checked_at, dress("warehouse.parcel.state", "checked").tone, gettext("Checked")),
        (parcel.sealed_at, "pass", gettext("Sealed")),
        (parcel.handed_over_at, dress("warehouse.parcel.state", "handed_over").tone, gettext("Handed over to the courier")),
        (parcel.delivered_at, "pass", gettext("Delivered")),
        (parcel.cancelled_at, "gone", gettext("Cancelled")),
    )
    told = [{"at": at, "tone": tone, "title": title, "kind": ""} for at, tone, title in moments if at]
    return sorted(told, key=lambda one: one["at"], reverse=True)  # type: ignore[arg-type, return-value]


def next_to_pack(user: User) -> ParcelQuerySet:
    """Return the parcels whose goods are fetched, by deadline."""
    found = Parcel.objects.visible_to(user).filter(state=ParcelState.PICKING, picked_at__isnull=False)
    return found.select_related("order").order_by("ship_by", "id")


def parcels_of_lot(lot: Lot, user: User) -> ParcelQuerySet:
    """Return every parcel that contains units of a lot, the newest first (P5.5)."""
    holding = ParcelItem.objects.visible_to(user).filter(lot=lot, quantity__gt=0).values("parcel_id")
    promised = Allocation.objects.visible_to(user).filter(lot=lot).standing().values("parcel_id")
    found = Parcel.objects.visible_to(user).filter(Q(pk__in=holding) | Q(pk__in=promised))
    return found.exclude(state=ParcelState.CANCELLED).select_related("order").order_by("-id")


def scans_of(parcel_ids: Iterable[int]) -> dict[int, list[Scan]]:
    """Return what a faultless packer would scan into these parcels (for a replay and for tests)."""
    found: dict[int, list[Scan]] = defaultdict(list)
    standing = Allocation.objects.filter(parcel_id__in=set(parcel_ids)).standing().select_related("product", "lot").order_by("id")
    for one in standing:
        found[one.parcel_id].append(Scan(one.product.gtin or one.product.sku, one.lot.number, one.quantity))
    return found


# --- weights ------------------------------------------------------------------------------------------------------
def expected_of(allocations: Iterable[Allocation]) -> Expected | None:
    """Return what a parcel of these goods should weigh; nothing when a weight is unknown. The products are loaded."""
    return expected([Goods(one.quantity, one.product.gross_weight_g, one.product.net_weight_g) for one in allocations])


# --- checks -------------------------------------------------------------------------------------------------------
RESERVED_DIFFERENCES: Final = """
SELECT b.lot_id, b.reserved, coalesce(a.units, 0)
  FROM warehouse_stockbalance b
  LEFT JOIN (SELECT lot_id, sum(quantity) AS units FROM warehouse_allocation WHERE state IN ('open', 'picked') GROUP BY lot_id) a
    ON a.lot_id = b.lot_id
 WHERE b.custody = 'released' AND b.reserved <> coalesce(a.units, 0)
"""


def reserved_differences() -> list[dict[str, int]]:
    """Return the lots whose reserved units are not the sum of what is promised of them: always empty, and checked to be."""
    with connection.cursor() as cursor:
        cursor.execute(RESERVED_DIFFERENCES)
        return [{"lot_id": lot_id, "kept": kept, "promised": promised} for lot_id, kept, promised in cursor.fetchall()]
