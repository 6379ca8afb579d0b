"""Claims follow what laboratories publish and what runs out; the merchant is told."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.claims import actions
from assurance.claims.models import Claim
from assurance.claims.queries import judged
from assurance.claims.status import SUPPORTED
from assurance.events.registry import every, job
from assurance.notices.actions import notify


@job("qc.sample.published")
def link_laboratory(*, product_id: int, evidence_entry_id: int, **_from_newer_writers: object) -> None:
    """Put a published result under the claims it speaks of."""
    actions.link_laboratory(product_id=product_id, entry_id=evidence_entry_id, at=timezone.now())


@job(
    "certificates.certificate.verified",
    "certificates.certificate.suspended",
    "certificates.certificate.withdrawn",
    "certificates.certificate.reinstated",
)
def follow_certificate(*, certificate_id: int, **_from_newer_writers: object) -> None:
    """Let claims stand and fall with the certificate under them."""
    actions.settle_certificate(certificate_id, at=timezone.now())


@every(30)
def follow_time(**_from_newer_writers: object) -> None:
    """Notice evidence that ran out by itself."""
    actions.settle_over(at=timezone.now())


@job("claims.claim.changed", queue="notices")
def tell_merchant(*, claim_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant's people that a claim of theirs is not supported any more."""
    now = timezone.now()
    claim = Claim.objects.select_related("product").get(pk=claim_id)
    found = judged([claim], now)[0]
    if claim.withdrawn_at is not None or found.status in SUPPORTED or found.status in ("unsupported", "declared"):
        return
    notify(
        "claim_refuted" if found.status == "refuted" else "claim_expired",
        recipients=User.objects.filter(organisation_id=claim.merchant_id, is_active=True).order_by("pk"),
        key=f"{claim.pk}:{found.status}:{found.standing.link}:{found.standing.finding}",
        at=now,
        link=reverse("claims:show", args=[claim.pk]),
        claim=claim.text,
        product=claim.product.name,
        product_en=claim.product.name_en,
    )
