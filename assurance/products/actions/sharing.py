"""Let other organisations see products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from assurance.events.actions import News, announce_each
from assurance.files.actions import share as share_files
from assurance.products.models import Product, ProductShare

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from assurance.accounts.models import User


@dataclass(frozen=True)
class Sharing:
    """From now on this organisation sees this product."""

    product_id: int
    organisation_id: int
    actor: User | None
    at: datetime


def share(*, product_ids: Collection[int], organisation_id: int, actor: User | None, at: datetime) -> int:
    """Let another organisation see products and their pictures from now on; return how many are new to it.

    A floor above calls it when it has a reason: goods were announced to a warehouse, a sample went to a laboratory.
    """
    return share_all([Sharing(number, organisation_id, actor, at) for number in product_ids])


@transaction.atomic
def share_all(wanted: Sequence[Sharing]) -> int:
    """The same for many products and organisations; what an organisation sees already is passed over."""
    asked = {(one.product_id, one.organisation_id): one for one in reversed(wanted)}
    known = ProductShare.objects.filter(
        product_id__in={product for product, _other in asked}, organisation_id__in={other for _product, other in asked}
    )
    for pair in known.values_list("product_id", "organisation_id"):
        asked.pop(pair, None)
    products = Product.objects.in_bulk({product for product, _other in asked})
    new = [(one, products[one.product_id]) for _pair, one in sorted(asked.items())]
    ProductShare.objects.bulk_create(
        [
            ProductShare(product=product, merchant_id=product.merchant_id, organisation_id=one.organisation_id, shared_at=one.at)
            for one, product in new
        ],
        ignore_conflicts=True,
    )
    announce_each(
        [
            News(
                "products.product.shared",
                product,
                {"shared_with": [None, one.organisation_id]},
                one.at,
                one.actor,
                {"product_id": product.pk},
            )
            for one, product in new
        ]
    )
    _share_pictures(new)
    return len(new)


def _share_pictures(new: Sequence[tuple[Sharing, Product]]) -> None:
    pictures: dict[tuple[int, User | None, datetime], list[int]] = {}
    for one, product in new:
        if product.picture_id:
            pictures.setdefault((one.organisation_id, one.actor, one.at), []).append(product.picture_id)
    for (organisation_id, actor, at), file_ids in pictures.items():
        share_files(file_ids=file_ids, organisation_ids=[organisation_id], actor=actor, at=at)
