"""How much life goods must have left, and which lots come to their end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from assurance.calendar import SHANGHAI
from warehouse.stock.custody import ON_HAND
from warehouse.stock.fefo import LEAST_DAYS_LEFT, Candidate, expires, least_days_left, whole_life
from warehouse.stock.models import EndingLot, LifeRule, Lot, StockBalance
from warehouse.stock.remaining import Limit, choose

if TYPE_CHECKING:
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.products.models import Category
    from warehouse.stock.models.ageing import EndingLotQuerySet

WATCH_BEFORE: Final = 30
"""Where no rule says otherwise: a lot comes into the queue so many days before too little is left to promise it."""


@dataclass(frozen=True, slots=True)
class Least:
    """So many days must be left, by this rule; without one the shipped table says so."""

    days: int
    rule_id: int | None


@dataclass(slots=True)
class LifeRules:
    """The rules of one purpose that have begun, read once."""

    limits: list[Limit]
    day: date
    _known: dict[tuple[int, str, int | None], Least] = field(default_factory=dict)

    @classmethod
    def of(cls, purpose: str, *, day: date) -> LifeRules:
        rows = LifeRule.objects.in_force(day).filter(purpose=purpose)
        found = [
            Limit(row.pk, row.category_id, row.channel, row.days, None if row.share is None else Fraction(row.share), row.from_date)
            for row in rows
        ]
        return cls(found, day)

    def least(self, category: Category, *, channel: str = "", life: int | None) -> Least:
        """Return what must be left of goods whose whole life is so many days."""
        return self.least_of((category.pk, category.parent_id), channel=channel, life=life)

    def least_of(self, categories: tuple[int, int | None], *, channel: str = "", life: int | None) -> Least:
        """The same, of goods of these categories: their own and the one above it."""
        key = (categories[0], channel, life)
        if key not in self._known:
            rule = choose(self.limits, categories=categories, channel=channel, day=self.day)
            self._known[key] = Least(rule.days_left(life), rule.key) if rule else Least(least_days_left(life), None)
        return self._known[key]


def due_to_end(*, at: datetime) -> list[tuple[Lot, int | None]]:
    """Return the lots that stand in a warehouse and come into the queue now, with the rule that says so. Two queries."""
    day = at.astimezone(SHANGHAI).date()
    rules = LifeRules.of("watch", day=day)
    there = StockBalance.objects.filter(custody__in=ON_HAND, quantity__gt=0).values("lot_id")
    lots = Lot.objects.filter(pk__in=there, ending=None, expiry_date__lte=day + timedelta(days=_widest(rules)))
    found = []
    for lot in lots.select_related("product__category").order_by("expiry_date", "id"):
        life = _life(lot)
        told = rules.least(lot.product.category, life=life)
        days = told.days if told.rule_id else told.days + WATCH_BEFORE
        if lot.expiry_date and (lot.expiry_date - day).days <= days:
            found.append((lot, told.rule_id))
    return found


def emptied() -> list[EndingLot]:
    """Return the open ones of which nothing is left in the warehouse, held until the transaction ends."""
    there = StockBalance.objects.filter(custody__in=ON_HAND, quantity__gt=0).values("lot_id")
    return list(EndingLot.objects.open().select_for_update(of=("self",)).exclude(lot_id__in=there).order_by("id"))


def ending_lots(user: User, *, state: str = "open") -> EndingLotQuerySet:
    """Return the queue the user sees, what ends first first, with the units that are left as ``units``."""
    left = StockBalance.objects.filter(lot_id=OuterRef("lot_id"), custody__in=ON_HAND).order_by().values("lot_id")
    found = EndingLot.objects.visible_to(user).select_related("lot__product", "merchant", "warehouse", "owner")
    found = found.annotate(units=Coalesce(Subquery(left.annotate(units=Sum("quantity")).values("units")), 0))
    return found.filter(state=state).order_by("lot__expiry_date", "id") if state else found.order_by("-id")


def life_rules() -> list[LifeRule]:
    """Return all rules, those of one meaning together, the latest first."""
    return list(LifeRule.objects.select_related("category", "set_by").order_by("purpose", "category_id", "channel", "-from_date", "-id"))


def _widest(rules: LifeRules) -> int:
    return max([WATCH_BEFORE + LEAST_DAYS_LEFT[0][1], *(limit.days for limit in rules.limits)])


def _life(lot: Lot) -> int | None:
    return whole_life(lot.product.shelf_life_days, expiry_date=lot.expiry_date, produced_date=lot.produced_date)


def as_candidate(lot: Lot, units: int) -> Candidate:
    """Return a lot with its product as allocation looks at it."""
    life = _life(lot)
    ends = expires(expiry_date=lot.expiry_date, produced_date=lot.produced_date, shelf_life_days=life)
    return Candidate(lot.pk, lot.warehouse_id, lot.product_id, ends, lot.first_received_at, units, life)
