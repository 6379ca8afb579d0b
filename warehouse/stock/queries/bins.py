"""What stands in which bin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Prefetch, Q, Sum

from warehouse.stock.custody import ON_HAND
from warehouse.stock.models import WAITING, Bin, BinBalance, StockBalance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assurance.accounts.models import User
    from warehouse.stock.models import Lot
    from warehouse.stock.models.bins import BinQuerySet


@dataclass(frozen=True, slots=True)
class Place:
    """So many units of a lot in one bin, or on the floor (no bin)."""

    bin: Bin | None
    units: int

    @property
    def code(self) -> str:
        return self.bin.code if self.bin else ""

    @property
    def is_waiting(self) -> bool:
        """Whether it is a bin for what was not released."""
        return self.bin is not None and self.bin.kind == WAITING


def on_hand(lot_ids: Iterable[int]) -> dict[int, int]:
    """Return how many units of each lot stand in the warehouse, whatever their custody."""
    kept = StockBalance.objects.filter(lot_id__in=set(lot_ids), custody__in=ON_HAND).values("lot_id").annotate(units=Sum("quantity"))
    return {row["lot_id"]: row["units"] for row in kept.order_by()}


def custodies(lot_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """Return how many units of each lot stand in the warehouse in each custody: ``{(lot, custody): units}``."""
    kept = StockBalance.objects.filter(lot_id__in=set(lot_ids), custody__in=ON_HAND).values_list("lot_id", "custody", "quantity")
    return {(lot_id, custody): quantity for lot_id, custody, quantity in kept}


def in_bins(lot_ids: Iterable[int]) -> dict[int, list[Place]]:
    """Return where units of these lots stand in bins, in the order in which they are fetched: picking bins, then storage,
    then those for what was not released; by label."""
    found: dict[int, list[Place]] = defaultdict(list)
    kept = BinBalance.objects.filter(lot_id__in=set(lot_ids), quantity__gt=0).select_related("bin")
    for one in kept.order_by("bin__kind", "bin__code", "id"):
        found[one.lot_id].append(Place(one.bin, one.quantity))
    return found


def places_of(lot: Lot) -> list[Place]:
    """Return where all units of a lot stand, the floor last; the sum is what is on hand. Two queries."""
    places = in_bins([lot.pk]).get(lot.pk, [])
    floor = on_hand([lot.pk]).get(lot.pk, 0) - sum(place.units for place in places)
    return [*places, Place(None, floor)] if floor else places


def find_bins(user: User, *, q: str = "") -> BinQuerySet:
    """Return the bins a user sees whose label begins so or that hold such a lot, with their contents as ``shown``."""
    kept = BinBalance.objects.filter(quantity__gt=0).select_related("lot__product").order_by("lot__expiry_date", "id")
    found = Bin.objects.visible_to(user).select_related("warehouse").prefetch_related(Prefetch("balances", kept, to_attr="shown"))
    if q:
        holding = BinBalance.objects.filter(quantity__gt=0, lot__number__istartswith=q).values("bin_id")
        found = found.filter(Q(code__istartswith=q) | Q(pk__in=holding))
    return found.order_by("warehouse_id", "code", "id")


DIFFERENCES = """
SELECT coalesce(kept.lot_id, moved.lot_id), coalesce(kept.bin_id, moved.bin_id), coalesce(kept.quantity, 0), coalesce(moved.units, 0)
  FROM warehouse_binbalance kept
  FULL JOIN (SELECT lot_id, bin_id, sum(units) AS units
               FROM (SELECT lot_id, target_id AS bin_id, quantity AS units FROM warehouse_binmove WHERE target_id IS NOT NULL
                     UNION ALL SELECT lot_id, source_id, -quantity FROM warehouse_binmove WHERE source_id IS NOT NULL) leg
              GROUP BY lot_id, bin_id) moved
    ON moved.lot_id = kept.lot_id AND moved.bin_id = kept.bin_id
 WHERE coalesce(kept.quantity, 0) <> coalesce(moved.units, 0)
 ORDER BY 1, 2
"""


def bin_differences() -> list[dict[str, int]]:
    """Return the lots and bins whose kept balance is not the sum of the moves: always empty, and checked to be."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES)
        return [dict(zip(("lot_id", "bin_id", "kept", "moved"), row, strict=True)) for row in cursor.fetchall()]
