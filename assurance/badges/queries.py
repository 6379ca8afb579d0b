"""What the public page and the lists show of badges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, When

from assurance.badges.judging import OF_PRODUCT, SEALS, SIDE_NAMES, TABS, Proof, Verification, judged, proof_from
from assurance.badges.models import Badge, Tag, is_stopped
from assurance.badges.reading import look
from assurance.badges.sides import NO_SIDES
from assurance.badges.validity import Status
from assurance.codes import is_public_code
from assurance.evidence.models import EvidenceEntry
from assurance.evidence.queries import newest_checkpoint, story_of
from assurance.files.models import StoredFile
from assurance.gates.queries import stops_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.badges.models import BadgeQuerySet
    from assurance.gates.models import Stop

__all__ = ["SEALS", "SIDE_NAMES", "TABS", "Proof", "Verification"]
NO_BADGE: Final = "none"
"""What a snapshot says of a product that had no badge."""


# --- one code -----------------------------------------------------------------------------------------------------
def verify(code: str, *, at: datetime) -> Verification:
    """Look a public code up and judge it now. One query; nothing is cached."""
    return look(code, at=at).found


def proof_of(badge: Badge) -> Proof:
    """Return what a badge stands on. Three queries."""
    return proof_from(badge, story_of(lot_id=badge.lot_id, product_id=badge.product_id, also=OF_PRODUCT), newest_checkpoint())


def picture_of(code: str) -> StoredFile | None:
    """Return the one file that is public: the picture of the product as it was reviewed, of a badge that was really issued."""
    if not is_public_code(code):
        return None
    badge = Badge.objects.select_related("enrolment").filter(code=code).first()
    given = badge.enrolment.snapshot.get("files", {}).get("picture") if badge else None
    return StoredFile.objects.filter(pk=given["id"], media_type__startswith="image/").first() if given else None


# --- many ---------------------------------------------------------------------------------------------------------
def find(user: User, *, status: str = "", q: str = "", at: datetime) -> BadgeQuerySet:
    """Return the badges a user sees, found by lot, code or product, in one status now; newest first."""
    found: BadgeQuerySet = Badge.objects.visible_to(user).select_related("product", "merchant", "warehouse", "enrolment")
    if status:
        found = found.in_status(Status(status), at)
    return (found.called(q) if q else found).order_by("-id")


def judge_all(badges: list[Badge], *, at: datetime) -> list[Verification]:
    """Judge the badges of one page of a list, read with their enrolments. Two queries, whatever their number."""
    stops = stops_of((badge.merchant_id for badge in badges), at=at)
    tags = tags_of({badge.product_id for badge in badges})
    return [
        judged(badge, next((stop for stop in stops if _covers(stop, badge)), None), tags.get(badge.product_id), at=at) for badge in badges
    ]


def tags_of(product_ids: Collection[int]) -> dict[int, Tag]:
    """Return the tags of products that are at risk or gone; what simply carries the badge is left out. One query."""
    return {tag.product_id: tag for tag in Tag.objects.filter(product_id__in=product_ids, falls_at__isnull=False) if tag.product_id}


def badged_products(batch: int = 1_000) -> Iterator[list[int]]:
    """Return all products with a badge that could hold, in batches: whoever follows them all asks for constant numbers at a time."""
    last = 0
    current = Badge.objects.current().filter(revoked_at=None).order_by("product_id").values_list("product_id", flat=True).distinct()
    while found := list(current.filter(product_id__gt=last)[:batch]):
        yield found
        last = found[-1]


def under_stop(stop: Stop, status: Status, *, at: datetime) -> list[Badge]:
    """Return the badges that a stop is about and that are in this status now."""
    narrowed = {"product_id": stop.product_id, "warehouse_id": stop.warehouse_id, "lot_id": stop.lot_id}
    about = {name: value for name, value in narrowed.items() if value is not None}
    return list(Badge.objects.filter(merchant_id=stop.merchant_id, **about).in_status(status, at).order_by("id"))


def best_of_each(product_ids: Collection[int], *, at: datetime) -> dict[int, Verification]:
    """Return for every product that had a badge at that moment the one that speaks for it: a valid one that holds longest, else the
    newest of the least bad. Three queries, whatever the number of products or lots.
    """
    bad = Case(When(revoked_at__lte=at, then=3), When(is_stopped(at), then=2), When(valid_until__lte=at, then=1), default=0)
    known = Badge.objects.current().filter(product_id__in=product_ids, issued_at__lte=at).select_related("enrolment", "warehouse")
    best = list(known.order_by("product_id", bad, "-valid_until", "-id").distinct("product_id"))
    return {one.badge.product_id: one for one in judge_all(best, at=at) if one.badge}


def snapshots(product_ids: Collection[int], at: datetime) -> dict[int, dict[str, Any]]:
    """Return what the badge of each product says at that moment, as an order keeps it for ever. Four queries; plain JSON values.

    A product without any badge says so: every product asked for has its answer.
    """
    best = best_of_each(set(product_ids), at=at)
    lots = [found.badge.lot_id for found in best.values() if found.badge]
    issued = dict(EvidenceEntry.objects.filter(kind="badge_issued", lot_id__in=lots).order_by("-id").values_list("lot_id", "id"))
    nothing = nothing_at(at)
    return {product_id: nothing | (kept_of(best[product_id], issued) if product_id in best else {}) for product_id in product_ids}


def nothing_at(at: datetime) -> dict[str, Any]:
    """Return what an order keeps where there was no badge."""
    nothing = {"status": NO_BADGE, "is_valid": False, "because": "", "badge_id": None, "code": "", "lot_id": None, "lot_number": ""}
    return nothing | {"valid_until": None, "sides": NO_SIDES, "evidence_entry_id": None, "checked_at": at.isoformat()}


def kept_of(found: Verification, issued: Mapping[int | None, int]) -> dict[str, Any]:
    """Return what an order keeps of a judged badge."""
    badge = found.badge
    assert badge is not None
    return {
        "status": str(found.validity.status),
        "is_valid": found.validity.is_valid,
        "because": found.because,
        "badge_id": badge.pk,
        "code": badge.code,
        "lot_id": badge.lot_id,
        "lot_number": badge.lot_number,
        "valid_until": badge.valid_until.isoformat(),
        "sides": found.sides,
        "evidence_entry_id": issued.get(badge.lot_id),
    }


def _covers(stop: Stop, badge: Badge) -> bool:
    return stop.covers(merchant_id=badge.merchant_id, product_id=badge.product_id, warehouse_id=badge.warehouse_id, lot_id=badge.lot_id)
