"""Make claims about products, and withdraw them. A product that is reviewed or enrolled keeps its claims as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from assurance.claims.actions.settling import settle
from assurance.claims.kinds import Basis, demands_value
from assurance.claims.models import Claim, ClaimEvidence
from assurance.claims.queries import day_of
from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change, first
from assurance.products.models import Product
from assurance.refusals import Refused, at_place
from assurance.web.database import explain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from decimal import Decimal

    from assurance.accounts.models import User

MOST_CLAIMS: Final = 30
"""How many claims stand on one product at a time."""


WRITTEN: Final = ("product_id", "kind", "said_by", "text", "measured", "component", "value", "unit")


class ClaimsAreFixed(Refused):
    code = "claims_are_fixed"
    message = _("This product is under review or enrolled: its claims stay as they were judged. Withdraw the enrolment first.")


class ValueMissing(Refused):
    code = "required"
    status = 422
    message = _("A number needs its value and its unit.")


class TooManyClaims(Refused):
    code = "too_many_claims"
    message = _("A product carries at most %(most)s claims.")


class AlreadyWithdrawn(Refused):
    code = "already_withdrawn"
    message = _("This claim is withdrawn.")


class ClaimedTwice(Refused):
    code = "already_exists"
    message = _("This is already said of the product, word for word.")


explain("claim_made_once", code=ClaimedTwice.code, message=ClaimedTwice.message, field="text")


@dataclass(frozen=True)
class NewClaim:
    """Something to say of a product. ``declared``: the merchant states that it is so and answers for it."""

    product_id: int
    kind: str
    said_by: str
    text: str
    actor: User
    at: datetime
    measured: str = ""
    component: str = ""
    value: Decimal | None = None
    unit: str = ""
    declared: bool = True


def make(new: NewClaim) -> Claim:
    """Make one claim; see ``make_all``."""
    return make_all([new])[0]


@transaction.atomic
def make_all(wanted: Sequence[NewClaim]) -> list[Claim]:
    """Make claims, all or none, in a handful of statements. Their words are checked when they are shown and when the product is submitted.

    :raises ClaimsAreFixed: while a product is reviewed or enrolled
    :raises ValueMissing, TooManyClaims, ClaimedTwice: of the first that is refused
    """
    if not wanted:
        return []
    products = held_products({one.product_id for one in wanted})
    standing = Claim.objects.standing().of(products)
    counts = dict(standing.values_list("product_id").annotate(n=Count("pk")).values_list("product_id", "n"))
    there = set(standing.values_list("product_id", "kind", "said_by", "text"))
    claims = []
    for place, one in enumerate(wanted):
        with at_place(place):
            claims.append(_new(one, products[one.product_id], counts, there))
    Claim.objects.bulk_create(claims)
    declared = [(claim, one) for claim, one in zip(claims, wanted, strict=True) if one.declared]
    ClaimEvidence.objects.bulk_create(
        ClaimEvidence(
            claim=claim,
            merchant_id=claim.merchant_id,
            basis=Basis.STATED,
            from_date=day_of(one.at),
            attached_by=one.actor,
            attached_at=one.at,
        )
        for claim, one in declared
    )
    announce_each(
        [
            News("claims.claim.made", claim, first(claim, *WRITTEN), one.at, one.actor, _ids(claim))
            for claim, one in zip(claims, wanted, strict=True)
        ]
    )
    settle([claim.pk for claim in claims], at=max(one.at for one in wanted))
    return claims


def withdraw(*, claim_id: int, actor: User, at: datetime) -> Claim:
    """Say something no longer; see ``withdraw_all``."""
    return withdraw_all([claim_id], actor=actor, at=at)[0]


@transaction.atomic
def withdraw_all(claim_ids: Sequence[int], *, actor: User, at: datetime) -> list[Claim]:
    """Withdraw claims, all or none. The rows stay, with everything that was under them.

    :raises ClaimsAreFixed: while a product is reviewed or enrolled
    :raises AlreadyWithdrawn: of the first that is
    """
    claims = held_claims(claim_ids)
    news = []
    for place, claim in enumerate(claims):
        with at_place(place):
            if claim.product.is_locked:
                raise ClaimsAreFixed
            if claim.withdrawn_at is not None:
                raise AlreadyWithdrawn
        changes = change(claim, withdrawn_at=at, withdrawn_by_id=actor.pk)
        news.append(News("claims.claim.withdrawn", claim, changes, at, actor, _ids(claim)))
    update_each(claims, ["withdrawn_at", "withdrawn_by"])
    announce_each(news)
    return claims


def held_products(product_ids: Collection[int]) -> dict[int, Product]:
    """Lock products, by number: claims, enrolment and entries of one product change one after the other."""
    return Product.objects.select_for_update().filter(pk__in=product_ids).order_by("pk").in_bulk()


def held_claims(claim_ids: Sequence[int]) -> list[Claim]:
    """Lock the products of claims, then the claims, each by number."""
    products = held_products(Claim.objects.filter(pk__in=claim_ids).values_list("product_id", flat=True))
    claims = Claim.objects.select_for_update().filter(pk__in=claim_ids).order_by("pk").in_bulk()
    for claim in claims.values():
        claim.product = products[claim.product_id]
    return [claims[number] for number in claim_ids]


def _ids(claim: Claim) -> dict[str, int]:
    return {"claim_id": claim.pk, "product_id": claim.product_id}


def _new(one: NewClaim, product: Product, counts: dict[int, int], there: set[tuple[int, str, str, str]]) -> Claim:
    if product.is_locked:
        raise ClaimsAreFixed
    if (demands_value(one.kind) or one.measured) and (one.value is None or not one.unit):
        raise ValueMissing(field="value" if one.value is None else "unit")
    if (key := (product.pk, one.kind, one.said_by, one.text)) in there:
        raise ClaimedTwice(field="text")
    there.add(key)
    counts[product.pk] = counts.get(product.pk, 0) + 1
    if counts[product.pk] > MOST_CLAIMS:
        raise TooManyClaims(most=MOST_CLAIMS)
    return Claim(
        product=product,
        merchant_id=product.merchant_id,
        kind=one.kind,
        said_by=one.said_by,
        text=one.text,
        measured=one.measured,
        component=one.component,
        value=one.value,
        unit=one.unit,
        made_by=one.actor,
        made_at=one.at,
    )
