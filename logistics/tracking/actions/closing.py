"""Close days: one tree over the deliveries of each product, its root in the evidence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import TruncDate

from assurance.calendar import SHANGHAI
from assurance.evidence.actions import Said, record_all
from logistics.dispatch.lifecycle import WaybillState
from logistics.dispatch.models import Waybill
from logistics.tracking.leaves import leaf_text, root_of
from logistics.tracking.models import DeliveredGoods, DeliveryDay
from warehouse.orders.models import ParcelItem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

LOCK: Final = 7_203_178
"""Two workers that close days wait for each other."""
MOST: Final = 2_000
"""Waybills a call; the rest waits for the next."""
KIND: Final = "deliveries"

Goods = dict[int, dict[int, dict[int, int]]]
"""Units by parcel, product and lot."""


@transaction.atomic
def close_days(*, before: date, at: datetime, most: int = MOST) -> list[DeliveryDay]:
    """Put every delivery of a day before this one that stands in no tree yet into the tree of its product and day.

    One evidence entry a product, day and part. A handful of queries, whatever the number. An empty list says that nothing waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    rows = _loose(before, most)
    goods = _goods([row.parcel_id for row in rows])
    groups: dict[tuple[date, int], list[Waybill]] = defaultdict(list)
    for row in rows:
        for product_id in sorted(goods[row.parcel_id]):
            groups[(row.day, product_id)].append(row)  # type: ignore[attr-defined]
    says = {key: [_leaf(row, key[1], goods) for row in group] for key, group in groups.items()}
    days = _days(groups, says, at=at)
    DeliveryDay.objects.bulk_create(days)
    DeliveredGoods.objects.bulk_create(
        DeliveredGoods(
            waybill=row,
            merchant_id=row.merchant_id,
            warehouse_id=row.warehouse_id,
            courier_id=row.courier_id,
            product_id=day.product_id,
            delivery_day=day,
            position=position,
            says=says[key][position],
        )
        for day, (key, group) in zip(days, groups.items(), strict=True)
        for position, row in enumerate(group)
    )
    return days


def _loose(before: date, most: int) -> list[Waybill]:
    taken = DeliveredGoods.objects.filter(waybill=OuterRef("pk"))
    arrived = Waybill.objects.filter(~Exists(taken), state=WaybillState.DELIVERED).annotate(day=TruncDate("delivered_at", tzinfo=SHANGHAI))
    return list(arrived.filter(day__lt=before).select_related("hand_over").order_by("day", "pk")[:most])


def _goods(parcel_ids: Sequence[int]) -> Goods:
    found: Goods = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    items = ParcelItem.objects.filter(parcel_id__in=parcel_ids, quantity__gt=0)
    for parcel_id, product_id, lot_id, units in items.values_list("parcel_id", "product_id", "lot_id", "quantity"):
        found[parcel_id][product_id][lot_id] += units
    return found


def _leaf(row: Waybill, product_id: int, goods: Goods) -> str:
    if row.delivered_at is None:
        raise AssertionError(f"waybill {row.pk} was delivered at no time")  # the database refuses it
    return leaf_text(
        waybill_id=row.pk,
        parcel_id=row.parcel_id,
        clearance_id=row.hand_over.clearance_id,
        product_id=product_id,
        lots=goods[row.parcel_id][product_id],
        handed_over_at=row.hand_over.handed_at,
        picked_up_at=row.picked_up_at,
        delivered_at=row.delivered_at,
        promised=row.promised_delivery_date,
    )


def _days(
    groups: Mapping[tuple[date, int], list[Waybill]], says: Mapping[tuple[date, int], list[str]], *, at: datetime
) -> list[DeliveryDay]:
    known = DeliveryDay.objects.filter(product_id__in={product_id for _day, product_id in groups}).order_by()
    parts = {(row["day_date"], row["product_id"]): row["last"] for row in known.values("day_date", "product_id").annotate(last=Max("part"))}
    days = [
        DeliveryDay(
            product_id=key[1],
            merchant_id=group[0].merchant_id,
            day_date=key[0],
            part=parts.get(key, 0) + 1,
            size=len(group),
            root=root_of(says[key]).hex(),
            closed_at=at,
        )
        for key, group in groups.items()
    ]
    entries = record_all([Said(KIND, day.product_id, day.merchant_id, _body(day)) for day in days], actor=None, at=at)
    for day, entry in zip(days, entries, strict=True):
        day.evidence_entry_id = entry.pk
    return days


def _body(day: DeliveryDay) -> dict[str, object]:
    return {"day": day.day_date, "part": day.part, "deliveries": day.size, "root": day.root}
