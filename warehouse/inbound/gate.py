"""What pages ask about the times at the gate."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.db.models import F, OuterRef, Prefetch, Subquery

from assurance.calendar import SHANGHAI
from warehouse.inbound.models import Booking, Slot

if TYPE_CHECKING:
    from datetime import date, datetime

    from assurance.accounts.models import User
    from warehouse.inbound.models import ShipmentNotice
    from warehouse.inbound.models.notices import ShipmentNoticeQuerySet

MOST_OFFERED: Final = 200
MOST_SHOWN: Final = 300


def offered(notice: ShipmentNotice, *, at: datetime) -> list[Slot]:
    """Return the slots that a notice may still come in, the earliest first."""
    return list(Slot.objects.filter(warehouse_id=notice.warehouse_id, ends_at__gt=at).free().order_by("starts_at", "id")[:MOST_OFFERED])


def booked(notice: ShipmentNotice) -> Slot | None:
    """Return the slot that stands for a notice."""
    found = Booking.objects.standing().filter(notice=notice).select_related("slot").first()
    return found.slot if found else None


def by_turn(notices: ShipmentNoticeQuerySet) -> ShipmentNoticeQuerySet:
    """Order notices as their goods come: those that are over last, booked slots first and by their time, then by the day expected.

    Adds when the booked slot begins as ``slot_at``.
    """
    standing = Booking.objects.standing().filter(notice=OuterRef("pk")).values("slot__starts_at")
    found = notices.annotate(slot_at=Subquery(standing))
    return found.order_by(F("closed_at").desc(nulls_first=True), F("slot_at").asc(nulls_last=True), "expected_date", "id")


def coming(user: User, *, at: datetime) -> list[tuple[date, list[Slot]]]:
    """Return the coming slots that a user sees, by day, each with the bookings that stand. Two queries."""
    bookings = Booking.objects.standing().visible_to(user).select_related("notice__merchant").order_by("id")
    found = (
        Slot.objects.visible_to(user).filter(ends_at__gt=at).order_by("starts_at", "id").prefetch_related(Prefetch("bookings", bookings))
    )
    by_day = groupby(found[:MOST_SHOWN], lambda slot: slot.starts_at.astimezone(SHANGHAI).date())
    return [(day, list(slots)) for day, slots in by_day]
