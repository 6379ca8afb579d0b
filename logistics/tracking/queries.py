"""What pages and reports ask about parcels on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q

from assurance.roles import Kind
from logistics.couriers.statuses import PROBLEMS, Status
from logistics.dispatch.models import Waybill
from logistics.tracking.legs import Kept, Times, count, delivery, pick_up
from logistics.tracking.models import TrackingEvent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from assurance.accounts.models import User
    from logistics.dispatch.models import WaybillQuerySet
    from logistics.tracking.legs import Figures

TONES: Final = {
    Status.DELIVERED: "pass",
    Status.PROBLEM: "fail",
    Status.LOST: "fail",
    Status.RETURNING: "hold",
    Status.RETURNED: "hold",
    Status.UNKNOWN: "wait",
}
LEG_TONES: Final = {Kept.OPEN: "wait", Kept.KEPT: "pass", Kept.BROKEN: "fail", Kept.CLOCK: "hold"}


def find(user: User, *, q: str = "", state: str = "") -> WaybillQuerySet:
    """Return the waybills a user sees, the newest first, found by waybill or order number."""
    found = Waybill.objects.visible_to(user).select_related("service", "merchant", "parcel__order__recipient")
    if q:
        named = Q(number__istartswith=q)
        if user.organisation_kind != Kind.COURIER:
            named |= Q(parcel__order__number__istartswith=q)
        found = found.filter(named)
    if state:
        found = found.filter(state=state)
    return found.order_by("-id")


def told(waybill: Waybill) -> list[dict[str, object]]:
    """Return the events of a waybill for a timeline, the latest first."""
    return [_entry(event) for event in TrackingEvent.objects.filter(waybill=waybill).order_by("-occurred_at", "-id")]


def _entry(event: TrackingEvent) -> dict[str, object]:
    reason = event.get_incident_display() if event.incident else ""
    answers = event.get_responsible_display() if event.status in PROBLEMS and event.responsible else ""
    return {
        "at": event.occurred_at,
        "title": event.get_status_display(),
        "text": " · ".join(filter(None, (event.place, reason, answers))),
        "tone": TONES.get(Status(event.status), "run"),
        "kind": event.get_source_display(),
        "is_suspect": event.clock_suspect,
        "raw": event.raw_status if event.status == Status.UNKNOWN else "",
    }


def times_of(waybill: Waybill) -> Times:
    """Return the moments a waybill's legs are judged by."""
    return Times(waybill.paid_at, waybill.picked_up_at, waybill.delivered_at, waybill.promised_delivery_date)


def legs_of(waybill: Waybill, *, at: datetime) -> dict[str, tuple[str, str]]:
    """Return how each leg stands, with its tone."""
    times = times_of(waybill)
    verdicts = {"pick_up": pick_up(times, at=at), "delivery": delivery(times, at=at)}
    return {leg: (str(kept), LEG_TONES[kept]) for leg, kept in verdicts.items()}


def pickup_figures(waybills: Iterable[Waybill]) -> Figures:
    """Count pick-ups and deliveries of these waybills; give it one waybill per order to count orders."""
    return count(times_of(waybill) for waybill in waybills)
