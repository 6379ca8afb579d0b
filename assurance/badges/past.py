"""What badges said at many moments: orders that are taken together were not paid together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from assurance.badges.judging import judged
from assurance.badges.models import Badge
from assurance.badges.queries import kept_of, nothing_at, tags_of
from assurance.badges.validity import Status
from assurance.evidence.models import EvidenceEntry
from assurance.gates.models import Stop

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from assurance.badges.judging import Verification
    from assurance.badges.models import Tag

Wanted = tuple[int, "datetime"]
"""A product and a moment."""
BADNESS: Final = {Status.VALID: 0, Status.EXPIRED: 1, Status.SUSPENDED: 2, Status.SUPERSEDED: 3, Status.REVOKED: 4}


def snapshots_each(wanted: Collection[Wanted]) -> dict[Wanted, dict[str, Any]]:
    """Return what the badge of each product said at each moment, as ``queries.snapshots`` does for one. Four queries."""
    products = {product_id for product_id, _at in wanted}
    badges: dict[int, list[Badge]] = defaultdict(list)
    for badge in Badge.objects.filter(product_id__in=products).select_related("enrolment", "warehouse").order_by("id"):
        badges[badge.product_id].append(badge)
    of_lots = [badge.lot_id for some in badges.values() for badge in some]
    merchants = {badge.merchant_id for some in badges.values() for badge in some}
    stops: dict[int, list[Stop]] = defaultdict(list)
    for stop in Stop.objects.filter(merchant_id__in=merchants).order_by("opened_at", "id"):
        stops[stop.merchant_id].append(stop)
    entries = EvidenceEntry.objects.filter(kind="badge_issued", lot_id__in=of_lots).order_by("-id")
    issued = dict(entries.values_list("lot_id", "id"))
    tags = tags_of(products)
    found = {}
    for product_id, at in set(wanted):
        best = _best(badges[product_id], stops, tags.get(product_id), at=at)
        found[product_id, at] = nothing_at(at) | (kept_of(best, issued) if best else {})
    return found


def _best(badges: Sequence[Badge], stops: dict[int, list[Stop]], tag: Tag | None, *, at: datetime) -> Verification | None:
    there = [judged(badge, _stop(badge, stops[badge.merchant_id], at=at), tag, at=at) for badge in badges if badge.issued_at <= at]
    return min(there, key=_rank, default=None)


def _rank(one: Verification) -> tuple[int, float, int]:
    assert one.badge is not None
    return BADNESS[one.validity.status], -one.badge.valid_until.timestamp(), -one.badge.pk


def _stop(badge: Badge, stops: Sequence[Stop], *, at: datetime) -> Stop | None:
    """Return the oldest stop that covered the badge at that moment."""
    of = {name: getattr(badge, name) for name in ("merchant_id", "product_id", "warehouse_id", "lot_id")}
    return next((stop for stop in stops if _held(stop, at=at) and stop.covers(**of)), None)


def _held(stop: Stop, *, at: datetime) -> bool:
    ends = [end for end in (stop.lifted_at, stop.until) if end is not None]
    return stop.opened_at <= at and all(at < end for end in ends)
