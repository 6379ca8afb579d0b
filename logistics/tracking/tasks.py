"""What follows without anybody asking: people are told, legs are measured, early events are taken up."""

from __future__ import annotations

from django.utils import timezone

from assurance.calendar import SHANGHAI
from assurance.events.registry import every, job
from logistics.tracking import actions


@job("logistics.parcel.exception", "logistics.parcel.lost", queue="notices")
def tell_of_exception(*, waybill_id: int, **_from_newer_writers: object) -> None:
    """Tell merchant and courier that a parcel is in trouble."""
    actions.tell_of_exception(waybill_id=waybill_id, at=timezone.now())


@job("logistics.parcel.late", queue="notices")
def tell_of_late(*, waybill_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that a parcel is late."""
    actions.tell_of_late(waybill_id=waybill_id, at=timezone.now())


@every(300)
def look_for_late_ones(**_from_newer_writers: object) -> None:
    """Find parcels whose promised day has gone by."""
    while actions.tell_of_late_ones(at=timezone.now()):
        pass


@every(60)
def catch_up(**_from_newer_writers: object) -> None:
    """Take up events that came before the hand-over."""
    actions.catch_up(at=timezone.now())


@every(3600)
def close_days(**_from_newer_writers: object) -> None:
    """Put yesterday's deliveries, and what was heard late, under their Merkle roots."""
    now = timezone.now()
    while actions.close_days(before=now.astimezone(SHANGHAI).date(), at=now):
        pass


@every(3600)
def measure(**_from_newer_writers: object) -> None:
    """Measure pick-ups, punctuality and lanes."""
    now = timezone.now()
    actions.report_delivery_facts(as_of=now, at=now)
    actions.report_pickup_shares(as_of=now, at=now)
