"""What a badge stands on, read from the evidence: sides of the seal, laboratory results, lots that wait."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from assurance.badges.models import Badge
from assurance.badges.sides import KINDS, LAB, OUTBOUND, PASSES, RETURNS, sides
from assurance.evidence.models import EvidenceEntry
from assurance.gates.models import Clearance

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


def has_fresh_lab_pass(product_id: int, *, days: int, at: datetime) -> bool:
    """Say whether the newest laboratory publication about a product at that moment is a pass, and not older than so many days."""
    known = EvidenceEntry.objects.about(product_id).filter(kind=LAB, recorded_at__lte=at)
    newest = known.order_by("-recorded_at", "-id").first()
    return newest is not None and newest.says.get("verdict") in PASSES and newest.recorded_at >= at - timedelta(days=days)


def released_without_badge(product_id: int) -> list[tuple[int, int]]:
    """Return clearance and evidence entry of every released lot of a product that has no badge. Three queries."""
    verdicts = EvidenceEntry.objects.about(product_id).filter(kind="inspection_verdict", lot_id__isnull=False).order_by("id")
    entry_of = {entry.lot_id or 0: entry.pk for entry in verdicts if entry.says.get("verdict", "accept") == "accept"}
    done = set(Badge.objects.filter(lot_id__in=entry_of).values_list("lot_id", flat=True))
    released = Clearance.objects.filter(subject_kind="lot", subject_id__in=entry_of.keys() - done, stage="inbound", verdict="released")
    return [(one.pk, entry_of[one.subject_id]) for one in released.order_by("id")]


def sides_of(badges: Collection[Badge]) -> dict[int, str]:
    """Return which sides of each seal the evidence proves. One query, whatever the number."""
    about = Q(kind=LAB, lot_id__in=[badge.lot_id for badge in badges])
    about |= Q(kind__in=KINDS, product_id__in={badge.product_id for badge in badges})
    by = ("product_id", "lot_id", "kind")
    kinds: dict[int | None, set[str]] = defaultdict(set)
    verdicts: dict[int | None, str] = {}
    for entry in EvidenceEntry.objects.filter(about).order_by(*by, "-recorded_at", "-id").distinct(*by):
        kinds[entry.product_id].add(entry.kind)
        if entry.kind == LAB:
            verdicts[entry.lot_id] = entry.says.get("verdict", "")
    return {badge.pk: sides(lab_verdict=verdicts.get(badge.lot_id, ""), kinds=kinds[badge.product_id]) for badge in badges}


def products_behind_evidence(most: int = 1_000) -> list[int]:
    """Return products with a seal that does not show yet what the evidence holds about outbound checks or returns."""
    there = [Exists(EvidenceEntry.objects.filter(product_id=OuterRef("product_id"), kind=kind)) for kind in (OUTBOUND, RETURNS)]
    behind = (Q(sides__regex="^..0") & Q(there[0])) | (Q(sides__endswith="0") & Q(there[1]))
    return list(Badge.objects.filter(behind, revoked_at=None).order_by("product_id").values_list("product_id", flat=True).distinct()[:most])
