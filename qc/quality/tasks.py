"""What follows without anybody asking: suspended goods are stopped, people are told."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import job
from qc.inspections.switching import Severity
from qc.quality import actions


@job("qc.severity.switched")
def demand_correction(*, severity_id: int, after: str, **_from_newer_writers: object) -> None:
    """Stop goods whose inspection is suspended, and ask for a corrective action."""
    if after == Severity.SUSPENDED:
        actions.demand(severity_id=severity_id, at=timezone.now())


@job("qc.corrective.demanded", "qc.corrective.submitted", "qc.corrective.sent_back", "qc.corrective.approved", queue="notices")
def tell_of_correction(*, corrective_action_id: int, **_from_newer_writers: object) -> None:
    """Tell whoever must act next."""
    actions.tell(corrective_action_id=corrective_action_id, at=timezone.now())
