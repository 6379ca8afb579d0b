"""Copy what is known about products into the catalogue's rows; nothing is decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Max

from assurance.badges.queries import best_of_each
from assurance.catalog.models import CatalogEntry
from assurance.catalog.standing import has_fallen, strength_of
from assurance.database import update_each
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.events.actions import announce_all
from assurance.evidence.models import Fact
from assurance.products.models import Product

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import Model

    from assurance.badges.queries import Verification
    from assurance.events.changes import Changes

STOCK: Final = "sellable_units"
"""The fact that says how many units of a product can be sold; the floor above that keeps the stock reports it."""
COPIED: Final = ("name", "name_en", "specification", "price", "commission_rate", "category_id", "merchant_id")
OVERLAP: Final = 5_000
"""Facts are numbered when they are written, not when they are committed: so many are looked at again."""


@transaction.atomic
def refresh(product_ids: Collection[int], *, at: datetime) -> list[CatalogEntry]:
    """Bring the rows of these products up to date; return those whose badge fell. Constant queries, whatever their number.

    A product has a row from its first approval on. Announces ``catalog.entry.badge_fell`` of each that fell.
    """
    products = Product.objects.in_bulk(sorted(set(product_ids)))
    approved = Enrolment.objects.filter(product_id__in=products, state=EnrolmentState.APPROVED)
    listed = set(approved.values_list("product_id", flat=True))
    _make_missing([products[number] for number in sorted(listed)], at=at)
    entries = list(CatalogEntry.objects.select_for_update().filter(product_id__in=products).order_by("pk"))
    best = best_of_each(products.keys(), at=at)
    stock = {
        fact.subject_id: fact for fact in Fact.objects.filter(name=STOCK, subject_kind="product", subject_id__in=products).latest_of_each()
    }
    fallen = []
    for entry in entries:
        before = entry.badge_status
        number = entry.product_id
        values = _of_product(products[number]) | _of_badge(best.get(number)) | _of_stock(stock.get(number))
        for name, value in (values | {"is_listed": number in listed, "refreshed_at": at}).items():
            setattr(entry, name, value)
        if has_fallen(before, entry.badge_status):
            fallen.append(entry)
    update_each(entries, WRITTEN)
    _tell(fallen, at=at)
    return fallen


def refresh_merchant(merchant_id: int, *, at: datetime, product_id: int | None = None) -> list[CatalogEntry]:
    """Bring the rows of a merchant up to date, those of one product if only that is concerned."""
    own = CatalogEntry.objects.filter(merchant_id=merchant_id)
    own = own.filter(product_id=product_id) if product_id else own
    return refresh(list(own.values_list("product_id", flat=True)), at=at)


def with_new_stock(most: int = 1_000) -> list[int]:
    """Return products whose stock is known newer than their row says. Two queries."""
    newest = CatalogEntry.objects.aggregate(newest=Max("stock_fact_id"))["newest"] or 0
    facts = Fact.objects.filter(pk__gt=newest - OVERLAP, name=STOCK, subject_kind="product").latest_of_each()
    known = dict(CatalogEntry.objects.values_list("product_id", "stock_fact_id").filter(product_id__in=[fact.subject_id for fact in facts]))
    return [fact.subject_id for fact in facts if fact.subject_id in known and (known[fact.subject_id] or 0) < fact.pk][:most]


def run_out(*, at: datetime, most: int = 1_000) -> list[int]:
    """Return products whose row still calls a badge valid that has run out."""
    over = CatalogEntry.objects.filter(badge_status="valid", badge_valid_until__lte=at)
    return list(over.order_by("badge_valid_until", "id").values_list("product_id", flat=True)[:most])


def _make_missing(products: list[Product], *, at: datetime) -> None:
    rows = [CatalogEntry(product=product, refreshed_at=at, **_of_product(product)) for product in products]
    CatalogEntry.objects.bulk_create(rows, ignore_conflicts=True)


def _of_product(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in COPIED}


def _of_badge(found: Verification | None) -> dict[str, Any]:
    badge = found.badge if found else None
    if found is None or badge is None:
        nothing = {"badge_id": None, "badge_status": "none", "badge_valid_until": None, "sides": "0000", "strength": 0}
        return nothing | {"expiry_date": None, "warehouse_id": None}
    return {
        "badge_id": badge.pk,
        "badge_status": str(found.validity.status),
        "badge_valid_until": badge.valid_until,
        "sides": badge.sides,
        "strength": strength_of(badge.sides) if found.validity.is_valid else 0,
        "expiry_date": badge.expiry_date,
        "warehouse_id": badge.warehouse_id,
    }


def _of_stock(fact: Fact | None) -> dict[str, Any]:
    return {"sellable_units": max(int(fact.value), 0) if fact else 0, "stock_fact_id": fact.pk if fact else None}


def _tell(fallen: list[CatalogEntry], *, at: datetime) -> None:
    news: list[tuple[str, Model, Changes, dict[str, int]]] = []
    for entry in fallen:
        changes: Changes = {"badge_status": ["valid", entry.badge_status]}
        news.append(("catalog.entry.badge_fell", entry, changes, {"entry_id": entry.pk}))
    announce_all(news, actor=None, at=at)


WRITTEN: Final = [
    *("name", "name_en", "specification", "price", "commission_rate", "category", "merchant", "is_listed"),
    *("badge", "badge_status", "badge_valid_until", "sides", "strength", "expiry_date", "warehouse"),
    *("sellable_units", "stock_fact_id", "refreshed_at"),
]
