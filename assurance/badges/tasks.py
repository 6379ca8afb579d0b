"""Badges follow releases."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.badges import actions, grounds, queries
from assurance.badges.models import Badge, Tag
from assurance.badges.validity import Status
from assurance.certificates.queries import products_of_conflict
from assurance.events.registry import every, job
from assurance.evidence.models import EvidenceEntry
from assurance.gates.models import Clearance, Stop
from assurance.notices.actions import notify
from assurance.roles import MERCHANT


@job("qc.lot.released")
def issue_badge(*, clearance_id: int, evidence_entry_id: int, **_from_newer_writers: object) -> None:
    """Give the released lot its badge, as of its release; what left meanwhile gets none, what waits for a laboratory later."""
    try:
        actions.issue(clearance_id=clearance_id, evidence_entry_id=evidence_entry_id, at=Clearance.objects.get(pk=clearance_id).at)
    except (actions.NotEnrolled, actions.LabResultMissing, actions.CertificateContested):
        return


@job("qc.sample.published")
def follow_laboratory(*, product_id: int, evidence_entry_id: int, **_from_newer_writers: object) -> None:
    """Let a laboratory's result show on the product's seals, and issue what waited for it."""
    at = EvidenceEntry.objects.get(pk=evidence_entry_id).recorded_at
    actions.issue_waiting(product_id=product_id, at=at)
    actions.refine(product_ids=[product_id], at=at)


@job("certificates.conflict.decided")
def follow_conflict(*, conflict_id: int, **_from_newer_writers: object) -> None:
    """Issue what waited for the decision about a certificate."""
    for product_id in products_of_conflict(conflict_id):
        actions.issue_waiting(product_id=product_id, at=timezone.now())


@every(300)
def refine_strength(**_from_newer_writers: object) -> None:
    """Let outbound checks and inspected returns show on the seals."""
    behind = grounds.products_behind_evidence()
    if behind:
        actions.refine(product_ids=behind, at=timezone.now())


@job("gates.stop.opened", queue="notices")
def tell_of_stop(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant which badges a stop suspends; nothing if it suspends none."""
    now = timezone.now()
    stop = Stop.objects.get(pk=subject_id)
    hit = queries.under_stop(stop, Status.SUSPENDED, at=now)
    if len(hit) == 1:
        _tell("badge_stopped", stop, link=reverse("badges:verify", args=[hit[0].code]), lot=hit[0].lot_number, because=stop.because)
    elif hit:
        _tell("badges_stopped", stop, link=reverse("badges:list") + "?status=suspended", count=len(hit), because=stop.because)


@job("gates.stop.lifted", queue="notices")
def tell_of_lifting(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant which badges are valid again."""
    stop, now = Stop.objects.get(pk=subject_id), timezone.now()
    back = queries.under_stop(stop, Status.VALID, at=now)
    if len(back) == 1:
        link, until = reverse("badges:verify", args=[back[0].code]), back[0].valid_until.isoformat()
        _tell("badge_back", stop, link=link, lot=back[0].lot_number, until=until)
    elif back:
        _tell("badges_back", stop, link=reverse("badges:list"), count=len(back))


@every(300)
def follow_tags(**_from_newer_writers: object) -> None:
    """Let the tags of all products and shops follow what is known; most of the time nothing changes."""
    now = timezone.now()
    merchants = set()
    for product_ids in queries.badged_products():
        merchants |= set(Badge.objects.filter(product_id__in=product_ids).values_list("merchant_id", flat=True))
        actions.follow_products(product_ids=product_ids, at=now)
    actions.follow_shops(merchant_ids=merchants, at=now)


@job("qc.sample.published", "badges.badge.revoked", "claims.claim.changed")
def follow_product(*, product_id: int, **_from_newer_writers: object) -> None:
    """Let a product's tag follow at once what may cost it its badge."""
    actions.follow_products(product_ids=[product_id], at=timezone.now())


@job("badges.tag.warned", "badges.tag.untagged", "badges.tag.tagged", queue="notices")
def tell_of_tag(*, tag_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant what befell the badge of his product or shop; of the first time he reads with the lot."""
    tag = Tag.objects.select_related("product", "merchant").get(pk=tag_id)
    what = tag.product.name if tag.product else tag.merchant.name
    because, until = (tag.lost[0]["because"], tag.lost[0]["falls_at"]) if tag.lost else ("", "")
    merchants = User.objects.acting_for(tag.merchant_id, MERCHANT)
    key = f"{tag.pk}:{tag.changed_at:%Y%m%d%H%M%S%f}"
    link = reverse("badges:verify", args=[tag.code])
    about: dict[str, Any] = {"key": key, "at": timezone.now(), "link": link, "product": what, "because": because, "until": until}
    if tag.state == "warned":
        notify("badge_warned", recipients=merchants, **about)
    else:
        notify("badge_removed" if tag.state == "untagged" else "badge_regained", recipients=merchants, **about)


def _tell(kind: str, stop: Stop, *, link: str, **params: object) -> None:
    merchants = User.objects.acting_for(stop.merchant_id, MERCHANT)
    notify(kind, recipients=merchants, key=str(stop.pk), at=timezone.now(), link=link, **params)
