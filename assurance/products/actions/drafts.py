"""Keep what somebody is typing into the form of a product, right or wrong, until it is saved or thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from assurance.products.models import ProductDraft

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.products.models import Product

MOST_FIELDS: Final = 100
MOST_CHARACTERS: Final = 2_000


@transaction.atomic
def keep_draft(*, values: Mapping[str, str], product: Product | None, actor: User, at: datetime) -> ProductDraft:
    """Keep what stands in the form now; only its author ever sees it. One draft a person and product."""
    kept = {name[:80]: value[:MOST_CHARACTERS].replace("\0", "") for name, value in list(values.items())[:MOST_FIELDS]}
    draft, _made = ProductDraft.objects.update_or_create(
        person=actor,
        product=product,
        defaults={"merchant_id": actor.organisation_id, "values": kept, "saved_at": at},
    )
    return draft


def drop_draft(*, product: Product | None, actor: User) -> None:
    """Throw away what was typed."""
    ProductDraft.objects.filter(person=actor, product=product).delete()


def end_drafts_of_new(entered: Iterable[tuple[User, str]]) -> None:
    """Forget the drafts of products that are entered now, told by their SKU."""
    pairs = list(entered)
    people, skus = {person.pk for person, _sku in pairs}, [sku for _person, sku in pairs]
    ProductDraft.objects.filter(person_id__in=people, product=None, values__sku__in=skus).delete()


def end_drafts_of_changed(saved: Iterable[tuple[User, int]]) -> None:
    """Forget the drafts of products that their authors have saved."""
    pairs = list(saved)
    people, products = {person.pk for person, _product in pairs}, {product for _person, product in pairs}
    ProductDraft.objects.filter(person_id__in=people, product_id__in=products).delete()
