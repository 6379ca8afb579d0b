"""The catalogue follows what happens to products, badges and stock."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.catalog import queries
from assurance.catalog.actions import refreshing
from assurance.catalog.models import CatalogEntry
from assurance.claims.models import Claim
from assurance.claims.queries import judged
from assurance.events.registry import every, job
from assurance.gates.models import Stop
from assurance.notices.actions import notify


@job(
    "enrollment.enrolment.approved",
    "enrollment.enrolment.withdrawn",
    "enrollment.enrolment.expired",
    "badges.badge.issued",
    "badges.badge.extended",
    "badges.badge.refined",
    "badges.badge.revoked",
    "badges.badge.superseded",
)
def follow_product(*, product_id: int, **_from_newer_writers: object) -> None:
    """Show at once what happened to a product or its badge."""
    refreshing.refresh([product_id], at=timezone.now())


@job("badges.tag.tagged", "badges.tag.untagged")
def follow_tag(*, product_id: int | None = None, **_from_newer_writers: object) -> None:
    """Show at once that a product lost its badge or has it back; a shop's own is shown nowhere here."""
    if product_id is not None:
        refreshing.refresh([product_id], at=timezone.now())


@job("gates.stop.opened", "gates.stop.lifted", "gates.stop.lapsed")
def follow_stop(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Show at once what a stop takes away or gives back."""
    stop = Stop.objects.get(pk=subject_id)
    refreshing.refresh_merchant(stop.merchant_id, product_id=stop.product_id, at=timezone.now())


@every(30)
def follow_stock(**_from_newer_writers: object) -> None:
    """Copy stock that was reported since."""
    if behind := refreshing.with_new_stock():
        refreshing.refresh(behind, at=timezone.now())


@every(600)
def follow_time(**_from_newer_writers: object) -> None:
    """Notice badges that ran out by themselves."""
    now = timezone.now()
    if over := refreshing.run_out(at=now):
        refreshing.refresh(over, at=now)


@job("catalog.entry.badge_fell", queue="notices")
def tell_of_fall(*, entry_id: int, **_from_newer_writers: object) -> None:
    """Tell everybody who chose the product that its badge is not valid now."""
    now = timezone.now()
    entry = CatalogEntry.objects.select_related("category", "warehouse", "merchant").get(pk=entry_id)
    shown = queries.shown([entry], at=now)[0]
    if shown.seal == "valid":  # it came back meanwhile
        return
    people = [person for _entry, person in queries.who_selected([entry_id])]
    notify(
        "selected_badge_fell",
        recipients=User.objects.filter(pk__in=people, is_active=True).order_by("pk"),
        key=f"{entry.pk}:{entry.badge_status}:{entry.refreshed_at:%Y%m%d%H%M%S}",
        at=now,
        link=reverse("catalog:show", args=[entry.pk]),
        product=entry.name,
        product_en=entry.name_en,
        status=shown.found.word if shown.found else "",
    )


@job("claims.claim.changed", queue="notices")
def tell_of_claim(*, claim_id: int, product_id: int, fell: int = 0, **_from_newer_writers: object) -> None:
    """Tell everybody who chose the product that one of its claims is not proven any more; cards and sheets show it by themselves."""
    entry = CatalogEntry.objects.filter(product_id=product_id).first()
    if not fell or entry is None:
        return
    now = timezone.now()
    found = judged(Claim.objects.filter(pk=claim_id), now)[0]
    if found.is_supported:  # it came back meanwhile
        return
    people = [person for _entry, person in queries.who_selected([entry.pk])]
    notify(
        "selected_claim_fell",
        recipients=User.objects.filter(pk__in=people, is_active=True).order_by("pk"),
        key=f"{claim_id}:{found.status}:{found.standing.link}:{found.standing.finding}",
        at=now,
        link=reverse("catalog:show", args=[entry.pk]),
        product=entry.name,
        product_en=entry.name_en,
        claim=found.claim.text,
    )
