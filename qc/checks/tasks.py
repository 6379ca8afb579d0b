"""What follows without anybody asking: the lists are loaded, days are closed, what was cancelled needs nothing put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from assurance.calendar import SHANGHAI
from assurance.events.registry import every, job
from assurance.reference import newest, reference
from qc.checks import actions

if TYPE_CHECKING:
    from datetime import datetime


@reference("checklists")
def load_checklists(at: datetime) -> int:
    """Load the newest version of the checklists."""
    return actions.load_checklists(data=newest("checklists"), at=at)


@job("warehouse.parcel.cancelled")
def close_of_cancelled(*, parcel_id: int, **_from_newer_writers: object) -> None:
    """Close what had to be put right on a parcel that will not leave any more."""
    actions.close_of_cancelled(parcel_id=parcel_id, at=timezone.now())


@every(3600)
def close_days() -> None:
    """Give the days that are over their trees."""
    now = timezone.now()
    actions.close_days(before=now.astimezone(SHANGHAI).date(), at=now)


@every(600)
def decide_what_is_late() -> None:
    """Open the parcels that failed and that nobody put right in time."""
    actions.apply_defaults(at=timezone.now())


@every(60)
def draw_what_waits() -> None:
    """Draw among the parcels that were packed, where fewer than all are checked."""
    actions.draw_waiting(at=timezone.now())
