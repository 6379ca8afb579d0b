"""What is to be counted, and how exact counts were."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Prefetch

from warehouse.stock.counting import Accuracy, accuracy
from warehouse.stock.lifecycle import CountState
from warehouse.stock.models import BinBalance, CountLine, CycleCount, Lot
from warehouse.stock.queries.bins import Place, in_bins, on_hand

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from assurance.accounts.models import User
    from warehouse.stock.models.counts import CycleCountQuerySet

REPORTED_DAYS: Final = 90


def places_to_count(warehouse_id: int, *, bins: str, lot_number: str) -> list[tuple[Lot, Place]]:
    """Return the places with units in bins whose label begins so, or all places of the lots of that number; by place."""
    if lot_number:
        lots = {lot.pk: lot for lot in Lot.objects.filter(warehouse_id=warehouse_id, number=lot_number).order_by("id")}
        binned, there = in_bins(lots), on_hand(lots)
        found = []
        for pk, lot in lots.items():
            found += [(lot, place) for place in binned.get(pk, [])]
            if floor := there.get(pk, 0) - sum(place.units for place in binned.get(pk, [])):
                found.append((lot, Place(None, floor)))
        return found
    kept = BinBalance.objects.filter(bin__warehouse_id=warehouse_id, bin__code__startswith=bins, quantity__gt=0)
    rows = kept.select_related("bin", "lot").order_by("bin__code", "lot__expiry_date", "id")
    return [(row.lot, Place(row.bin, row.quantity)) for row in rows]


def units_at(lot_ids: Iterable[int]) -> dict[tuple[int, int | None], int]:
    """Return the units by lot and bin as the ledgers say; no bin is the floor."""
    wanted = set(lot_ids)
    there: dict[tuple[int, int | None], int] = defaultdict(int)
    for lot_id, units in on_hand(wanted).items():
        there[lot_id, None] = units
    for lot_id, places in in_bins(wanted).items():
        for place in places:
            there[lot_id, place.bin.pk if place.bin else None] += place.units
            there[lot_id, None] -= place.units
    return there


def found_lots(count_id: int) -> list[int]:
    """Return the lots of which a posted count found units."""
    lines = CountLine.objects.filter(count_id=count_id, found__gt=0).order_by("lot_id")
    return list(dict.fromkeys(lines.values_list("lot_id", flat=True)))


def find_counts(user: User) -> CycleCountQuerySet:
    """Return the counts a user sees with their lines as ``shown_lines``, the newest first."""
    lines = CountLine.objects.select_related("lot__product", "bin", "counted_by").order_by("bin__code", "id")
    found = CycleCount.objects.visible_to(user).select_related("warehouse", "opened_by", "settled_by")
    return found.prefetch_related(Prefetch("lines", lines, to_attr="shown_lines")).order_by("-id")


def accuracy_of(user: User, *, at: datetime) -> dict[int, Accuracy]:
    """Return how exact the posted counts of the last 90 days were, by warehouse. One query."""
    lines = CountLine.objects.visible_to(user).filter(count__state=CountState.POSTED, counted_at__gt=at - timedelta(days=REPORTED_DAYS))
    by_warehouse: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for warehouse_id, expected, counted in lines.values_list("warehouse_id", "expected", "counted"):
        by_warehouse[warehouse_id].append((expected or 0, counted or 0))
    return {warehouse_id: accuracy(pairs) for warehouse_id, pairs in sorted(by_warehouse.items())}
