"""What several badges say together: a product's, a shop's, those of one bar code, those of one status list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from assurance.badges import gs1
from assurance.badges.models import Badge, Tag
from assurance.badges.queries import best_of_each, judge_all
from assurance.badges.status_list import SIZE, Purpose
from assurance.badges.strength import at_most_percent, counted
from assurance.badges.validity import Status
from assurance.claims.queries import standing
from assurance.codes import is_public_code

if TYPE_CHECKING:
    from assurance.badges.judging import Verification
    from assurance.claims.queries import ClaimStanding

MOST_LISTS: Final = 10_000


# --- products and shops -------------------------------------------------------------------------------------------
def tag_of(code: str) -> Tag | None:
    """Return the badge of a product or shop that has this code."""
    if not is_public_code(code):
        return None
    return Tag.objects.select_related("merchant", "product__category").filter(code=code).first()


@dataclass(frozen=True)
class Group:
    """The badge of a product or shop at one moment, and the lots or products that carry it."""

    holds: bool
    because: list[str]
    members: list[Verification]
    valid: int
    at_most_percent: float | None
    units: int
    at: datetime


def group_of(tag: Tag, *, at: datetime, most: int = 100) -> Group:
    """Return what a product's or a shop's badge says now. Few queries, whatever the number of lots or products."""
    fallen = [one["because"] for one in tag.lost if datetime.fromisoformat(one["falls_at"]) <= at]
    own = Badge.objects.current().select_related("product__category", "merchant", "warehouse", "enrolment")
    if tag.product_id:
        members = judge_all(list(own.filter(product_id=tag.product_id).order_by("-id")[:most]), at=at)
    else:
        products = list(own.filter(merchant_id=tag.merchant_id).order_by("product_id", "-id").distinct("product_id")[:most])
        best = best_of_each([one.product_id for one in products], at=at)
        members = [best[one.product_id] for one in products if one.product_id in best]
    holding = [one for one in members if one.validity.is_valid]
    samples = [(one.badge.inspected, one.badge.defective, one.days_old) for one in holding if one.badge]
    units, defects = counted(samples)
    return Group(
        holds=not fallen and bool(holding),
        because=fallen,
        members=members,
        valid=len(holding),
        at_most_percent=at_most_percent(units, defects) if samples else None,
        units=sum(inspected for inspected, _defective, _days in samples),
        at=at,
    )


@dataclass(frozen=True)
class Target:
    """One of the pages that a GTIN may mean."""

    url: str
    name: str
    merchant: str
    word: str
    tone: str


def under_gtin(gtin: str, *, lot: str = "", at: datetime, most: int = 50) -> list[Target]:
    """Return the pages that a bar code means: with a lot the badges of that lot, without the products of every seller."""
    badges = Badge.objects.current().filter(product__gtin__in=gs1.forms(gtin)).select_related("product", "merchant", "enrolment")
    if lot:
        found = judge_all(list(badges.filter(lot_number=lot).order_by("id")[:most]), at=at)
        return [_target(one, reverse("badges:verify", args=[one.code])) for one in found]
    tags = dict(Tag.objects.filter(product__gtin__in=gs1.forms(gtin)).order_by("id").values_list("product_id", "code")[:most])
    best = best_of_each({one.product_id for one in badges.order_by("-id")[:most]}, at=at)
    people = {one.product_id: one for one in badges.filter(product_id__in=best).order_by("id")}
    targets = []
    for product_id, found_one in sorted(best.items()):
        code = tags.get(product_id, found_one.code)
        targets.append(_target(found_one, reverse("badges:verify", args=[code]), people[product_id]))
    return targets


def _target(found: Verification, url: str, badge: Badge | None = None) -> Target:
    shown = badge or found.badge
    assert shown is not None
    return Target(url, shown.product.shown_name, shown.merchant.name, found.word, found.tone)


def claims_of(badge: Badge, *, at: datetime) -> list[ClaimStanding]:
    """Return the claims about a badge's product that something supports now: only those are shown, each with its proof. Three queries."""
    return [one for one in standing([badge.product_id], at).get(badge.product_id, []) if one.is_supported]


# --- the status list ----------------------------------------------------------------------------------------------
def has_list(number: int) -> bool:
    """Say whether any badge has its place in this list; the first one is always there."""
    return number == 0 or (number < MOST_LISTS and Badge.objects.filter(pk__gte=number * SIZE, pk__lt=(number + 1) * SIZE).exists())


def not_holding(purpose: Purpose, number: int, *, at: datetime) -> list[int]:
    """Return the places of a list whose badges are revoked or replaced, or do not hold for now. One or two queries."""
    placed = Badge.objects.filter(pk__gte=number * SIZE, pk__lt=(number + 1) * SIZE)
    statuses = (Status.REVOKED, Status.SUPERSEDED) if purpose is Purpose.REVOCATION else (Status.SUSPENDED, Status.NOT_YET)
    return [pk % SIZE for status in statuses for pk in placed.in_status(status, at).values_list("pk", flat=True)]
