"""What follows an announcement: the merchant is told how his goods will be inspected."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import job
from qc.promises import actions


@job("warehouse.shipment.announced", "warehouse.shipment.slot_booked", "warehouse.shipment.slot_given_up")
def promise(*, notice_id: int, **_from_newer_writers: object) -> None:
    """Promise level, sample and time of release of every line."""
    actions.promise(notice_id=notice_id, at=timezone.now())
