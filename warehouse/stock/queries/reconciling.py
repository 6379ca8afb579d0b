"""Whether what came in is what stands there, lies in bins and left: summed up, and every difference named."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import Sum

from assurance.accounts.models import Organisation
from warehouse.stock.custody import INSIDE, Custody
from warehouse.stock.models import CUSTODY_LABELS, BinBalance, Lot, StockBalance

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from assurance.accounts.models import User

UNBALANCED: Final = """
SELECT kept.lot_id, kept.received, kept.inside, moved.received, moved.inside
  FROM (SELECT lot_id, -coalesce(sum(quantity) FILTER (WHERE custody = 'arrival'), 0) AS received,
               coalesce(sum(quantity) FILTER (WHERE custody <> 'arrival'), 0) AS inside
          FROM warehouse_stockbalance GROUP BY lot_id) kept
  FULL JOIN (SELECT lot_id, coalesce(sum(quantity) FILTER (WHERE source = 'arrival'), 0) AS received,
                    coalesce(sum(quantity) FILTER (WHERE source = 'arrival'), 0) AS inside
               FROM warehouse_stockmove GROUP BY lot_id) moved ON moved.lot_id = kept.lot_id
 WHERE (kept.received, kept.inside) IS DISTINCT FROM (moved.received, moved.inside)
 ORDER BY 1
"""
OVERFULL: Final = """
SELECT binned.lot_id, binned.units, coalesce(there.units, 0)
  FROM (SELECT lot_id, sum(quantity) AS units FROM warehouse_binbalance GROUP BY lot_id) binned
  LEFT JOIN (SELECT lot_id, sum(quantity) AS units FROM warehouse_stockbalance
              WHERE custody IN ('pending', 'released', 'held') GROUP BY lot_id) there ON there.lot_id = binned.lot_id
 WHERE binned.units > coalesce(there.units, 0)
 ORDER BY 1
"""


@dataclass(frozen=True)
class Sums:
    """One warehouse: what came in, and where it stands; the stands add up to what came in."""

    warehouse: Organisation
    received: int
    stands: list[tuple[Custody, str | Promise, int]]
    reserved: int
    in_bins: int

    @property
    def difference(self) -> int:
        return self.received - sum(units for _custody, _label, units in self.stands)


@dataclass(frozen=True)
class Reconciliation:
    """The sums of the warehouses, and how many lots do not add up: none, and checked to be."""

    warehouses: list[Sums]
    lots: int
    unbalanced: list[int]
    overfull: list[int]

    @property
    def is_even(self) -> bool:
        return not (self.unbalanced or self.overfull or any(one.difference for one in self.warehouses))


def reconciliation(user: User) -> Reconciliation:
    """Return the sums of what the user sees; differences are looked for everywhere and named as far as he sees the lots."""
    mine = StockBalance.objects.visible_to(user)
    sums: dict[int, dict[str, int]] = defaultdict(dict)
    reserved: dict[int, int] = defaultdict(int)
    for row in mine.order_by().values("lot__warehouse_id", "custody").annotate(units=Sum("quantity"), promised=Sum("reserved")):
        sums[row["lot__warehouse_id"]][row["custody"]] = row["units"]
        reserved[row["lot__warehouse_id"]] += row["promised"]
    binned = BinBalance.objects.visible_to(user).order_by().values("bin__warehouse_id").annotate(units=Sum("quantity"))
    in_bins = {row["bin__warehouse_id"]: row["units"] for row in binned}
    houses = Organisation.objects.filter(pk__in=sums).order_by("code")
    labels = dict(CUSTODY_LABELS)
    warehouses = [
        Sums(
            house,
            -sums[house.pk].get(Custody.ARRIVAL, 0),
            [(custody, labels[custody], sums[house.pk].get(custody, 0)) for custody in INSIDE],
            reserved[house.pk],
            in_bins.get(house.pk, 0),
        )
        for house in houses
    ]
    return Reconciliation(warehouses, mine.filter(custody=Custody.ARRIVAL).count(), _seen(UNBALANCED, user), _seen(OVERFULL, user))


def _seen(sql: str, user: User) -> list[int]:
    """Return the lots that a check finds, of those the user sees."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = [row[0] for row in cursor.fetchall()]
    return list(Lot.objects.visible_to(user).filter(pk__in=found).order_by("id").values_list("pk", flat=True)) if found else []
