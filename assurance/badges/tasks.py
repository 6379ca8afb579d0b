"""Badges follow releases."""

from __future__ import annotations

from django.utils import timezone

from assurance.badges import actions
from assurance.events.registry import job


@job("qc.lot.released")
def issue_badge(*, clearance_id: int, evidence_entry_id: int, **_from_newer_writers: object) -> None:
    """Give the released lot its badge; a product that left the programme meanwhile gets none."""
    try:
        actions.issue(clearance_id=clearance_id, evidence_entry_id=evidence_entry_id, at=timezone.now())
    except actions.NotEnrolled:
        return
