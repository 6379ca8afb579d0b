"""Every product is entered, submitted, reviewed and approved before somebody ordered it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from assurance.enrollment import actions as enrolments
from assurance.enrollment.actions import Case, NewEnrolment
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.products.models import Category, Product
from demo.replay.cast import SOURCE
from demo.replay.categories import category_of
from demo.replay.chance import between, choice
from demo.replay.plan import Stage
from demo.replay.stages.people import founded_at, owners
from demo.replay.supply import NO_GTIN, attributes_of, enrolled_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from demo.replay import folder
    from demo.replay.plan import Play

HOUR: Final = timedelta(hours=1)
SHELF_LIFE_DAYS: Final = 540
LEAST_PRICE: Final = Decimal("0.01")
USUAL_PRICE: Final = Decimal("99.00")


def entered_at(play: Play, product: folder.Product) -> datetime:
    """Return when a product was entered; one that nobody ordered, with the first of all."""
    need = play.needs.get(product.code)
    return enrolled_at(need, product.code) if need else founded_at(play) + timedelta(days=30)


def by_time(play: Play) -> list[folder.Product]:
    return sorted(play.folder.products.values(), key=lambda product: (entered_at(play, product), product.code))


def kept(products: Iterable[folder.Product]) -> dict[str, Product]:
    """Return what we keep of these products, by the marketplace's code."""
    found = Product.objects.filter(source=SOURCE, sku__in=[product.code for product in products])
    return {product.sku: product for product in found}


def enter(play: Play, products: Sequence[folder.Product]) -> None:
    """Enter and submit those that are not here yet."""
    there = kept(products)
    fresh = [product for product in products if product.code not in there]
    people = owners(product.merchant_code for product in fresh)
    categories = {category.code: category for category in Category.objects.all()}
    items = [
        NewEnrolment(
            values=values_of(play, product, categories[category_of(product.category)]),
            actor=people[product.merchant_code],
            at=entered_at(play, product),
            source=SOURCE,
        )
        for product in fresh
    ]
    if items:
        enrolments.begin_all(items)


def values_of(play: Play, product: folder.Product, category: Category) -> dict[str, Any]:
    """Return the product's fields as its merchant would have entered them."""
    need = play.needs.get(product.code)
    price = need.price if need else USUAL_PRICE
    return {
        "sku": product.code,
        "name": product.name,
        "category": category,
        "gtin": "",
        "no_gtin_reason": choice(NO_GTIN, product.code, "gtin"),
        "specification": "1 件",
        "attributes": attributes_of(product.code, category.required_attributes),
        "shelf_life_days": SHELF_LIFE_DAYS if category.is_perishable else None,
        "gross_weight_g": _whole(product.weight_g, 1),
        "length_mm": _whole(product.length_cm, 10),
        "width_mm": _whole(product.width_cm, 10),
        "height_mm": _whole(product.height_cm, 10),
        "price": max(price, LEAST_PRICE),
    }


def _whole(measure: Decimal | None, factor: int) -> int | None:
    return None if measure is None else max(1, round(measure * factor))


def review(play: Play, products: Sequence[folder.Product]) -> None:
    """Take and approve what was submitted."""
    moments = {product.code: entered_at(play, product) for product in products}
    waiting = Enrolment.objects.filter(product__source=SOURCE, product__sku__in=moments, state=EnrolmentState.SUBMITTED)
    found = list(waiting.order_by("submitted_at", "pk").values_list("pk", "product__sku"))
    if found:
        reviewer = play.cast.reviewer
        enrolments.claim_all([Case(pk, moments[sku] + between(3, 20, sku, "claimed") * HOUR) for pk, sku in found], actor=reviewer)
        enrolments.approve_all([Case(pk, moments[sku] + between(21, 60, sku, "approved") * HOUR) for pk, sku in found], actor=reviewer)


PRODUCTS: Final = (
    Stage("products", _("Products entered"), by_time, enter, size=500),
    Stage("reviews", _("Products reviewed"), by_time, review, size=500),
)
