"""What was probable is kept when a decision is proposed, before anybody can know how it ends."""

from __future__ import annotations

from django.utils import timezone

from aftersales.diagnosis import actions
from assurance.events.registry import job


@job("aftersales.case.proposed")
def keep_diagnosis(*, decision_id: int, **_from_newer_writers: object) -> None:
    """Keep the ranked causes."""
    actions.keep_diagnoses([decision_id], at=timezone.now())
