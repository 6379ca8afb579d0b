"""What streamers ask the catalogue; every page judges the badges it shows in the moment it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Q
from django.utils import timezone

from assurance.badges.queries import SEALS, best_of_each
from assurance.calendar import SHANGHAI
from assurance.catalog.models import CatalogEntry, Selection, SelectionList, TalkSheetShown
from assurance.catalog.standing import Obstacle, Standing, stand
from assurance.catalog.wording import TONES, obstacle_in_words
from assurance.claims.queries import shown_on_cards

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from django.db.models import QuerySet

    from assurance.accounts.models import User
    from assurance.badges.queries import Verification
    from assurance.catalog.models import CatalogEntryQuerySet
    from assurance.claims.models import ClaimStatus
    from assurance.products.models import Category

MOST_COMPARED: Final = 5
SORTS: Final = {
    "": ("-strength", "-sellable_units", "-id"),
    "price": ("price", "-id"),
    "-price": ("-price", "id"),
    "-commission": (F("commission_rate").desc(nulls_last=True), "-id"),
    "-stock": ("-sellable_units", "-id"),
    "-expiry": ("-expiry_date", "-id"),
    "name": ("name", "-id"),
    "new": ("-id",),
}
"""Orders a streamer may choose; each ends in the id and has its index."""
NO_COMMISSION: Final = "-commission"


@dataclass(frozen=True)
class Wanted:
    """What a list of the catalogue is narrowed by; nothing set means everything."""

    q: str = ""
    category: Category | None = None
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    commission_from: Decimal | None = None
    strength: int | None = None
    in_stock: bool = False
    valid: bool = False
    days: int | None = None
    warehouse: int | None = None
    sort: str = ""


@dataclass(frozen=True)
class Shown:
    """One product as a page shows it: the row, its badge judged now, whether it can be chosen."""

    entry: CatalogEntry
    found: Verification | None
    standing: Standing
    today: date
    claims: Sequence[ClaimStatus] = ()

    @property
    def seal(self) -> str:
        return SEALS.get(self.found.validity.status, "none") if self.found else "none"

    @property
    def sides(self) -> str:
        return self.found.sides if self.found else "0000"

    @property
    def code(self) -> str:
        return self.found.code if self.found else ""

    @property
    def may_be_chosen(self) -> bool:
        return self.standing.may_be_chosen

    @property
    def obstacle(self) -> str:
        return obstacle_in_words(self.standing, self.today)

    @property
    def tone(self) -> str:
        return TONES[self.standing.obstacle]

    @property
    def days_left(self) -> int | None:
        """Days until the goods expire; nothing for goods without such a date."""
        return (self.entry.expiry_date - self.today).days if self.entry.expiry_date else None

    @property
    def at_most_percent(self) -> float | None:
        return self.found.at_most_percent if self.found and self.found.validity.is_valid else None


def find(user: User, wanted: Wanted, *, at: datetime) -> CatalogEntryQuerySet:
    """Return the entries a user may choose from, narrowed and ordered. Rows only; ``shown`` judges those of one page."""
    found = CatalogEntry.objects.visible_to(user).filter(is_listed=True).select_related("category", "warehouse", "merchant")
    return _narrowed(found, wanted, at=at).order_by(*SORTS[wanted.sort])


def _narrowed(found: CatalogEntryQuerySet, wanted: Wanted, *, at: datetime) -> CatalogEntryQuerySet:
    about = Q()
    if wanted.q:
        about &= Q(name__icontains=wanted.q) | Q(name_en__icontains=wanted.q) | Q(merchant__name__icontains=wanted.q)
    if wanted.category:
        about &= Q(category=wanted.category) | Q(category__parent=wanted.category)
    bounds = {
        "price__gte": wanted.price_from,
        "price__lte": wanted.price_to,
        "commission_rate__gte": wanted.commission_from,
        "strength__gte": wanted.strength,
        "warehouse_id": wanted.warehouse,
    }
    about &= Q(**{name: value for name, value in bounds.items() if value is not None})
    found = found.filter(about)
    if wanted.in_stock:
        found = found.filter(sellable_units__gt=0)
    if wanted.valid:
        found = found.with_valid_badge(at)
    return found.fresh_until(day_of(at) + timedelta(days=wanted.days)) if wanted.days else found


def shown(entries: Sequence[CatalogEntry], *, at: datetime) -> list[Shown]:
    """Judge the entries of one page now, with what is claimed of them and proven. Three queries, whatever their number."""
    numbers = {entry.product_id for entry in entries}
    best, proven = best_of_each(numbers, at=at), shown_on_cards(numbers, at)
    return [_shown(entry, best.get(entry.product_id), proven.get(entry.product_id, ()), at=at) for entry in entries]


def _shown(entry: CatalogEntry, found: Verification | None, claims: Sequence[ClaimStatus], *, at: datetime) -> Shown:
    standing = stand(
        is_listed=entry.is_listed,
        badge_status=str(found.validity.status) if found else "none",
        sellable_units=entry.sellable_units,
        because=found.stop.because if found and found.stop else "",
        until=found.stop.until if found and found.stop else None,
    )
    return Shown(entry, found, standing, day_of(at), claims)


def obstacles(entries: Sequence[CatalogEntry], *, at: datetime) -> dict[int, Shown]:
    """Return those of the entries that cannot be chosen now, by id."""
    return {one.entry.pk: one for one in shown(entries, at=at) if one.standing.obstacle is not Obstacle.NONE}


def lists_of(user: User) -> QuerySet[SelectionList]:
    """Return the lists a user sees with how many products each holds, newest first."""
    return SelectionList.objects.visible_to(user).annotate(held=Count("selections")).order_by("-id")


def selections_of(selection_list: SelectionList) -> QuerySet[Selection]:
    """Return what stands on a list, in the order it was put there."""
    related = ("entry__category", "entry__warehouse", "entry__merchant", "added_by")
    return Selection.objects.filter(list=selection_list).select_related(*related).order_by("id")


def shown_sheets(user: User, product_id: int) -> QuerySet[TalkSheetShown]:
    """Return when people of the user's studio were shown a talk-sheet of a product, newest first."""
    return TalkSheetShown.objects.visible_to(user).filter(product_id=product_id).select_related("sheet", "person").order_by("-id")


def who_selected(entry_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return entry and person of every selection of these entries. One query."""
    return list(
        Selection.objects.filter(entry_id__in=entry_ids)
        .order_by("entry_id", "added_by_id")
        .values_list("entry_id", "added_by_id")
        .distinct()
    )


def day_of(at: datetime) -> date:
    """Return the day in China: dates on packages are days there."""
    return timezone.localtime(at, SHANGHAI).date()
