"""What follows without anybody asking: people are told, deadlines decide, concessions end."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import every, job
from qc.nonconformance import actions


@job("qc.non_conformance.opened", queue="notices")
def tell_non_conformance(*, non_conformance_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that he has to choose."""
    actions.tell_opened(non_conformance_id=non_conformance_id, at=timezone.now())


@job(
    "qc.disposition.requested",
    "qc.disposition.approved",
    "qc.disposition.refused",
    "qc.disposition.done",
    "qc.disposition.ended",
    queue="notices",
)
def tell_disposition(*, disposition_id: int, **_from_newer_writers: object) -> None:
    """Tell the lead of quality control what was asked for, and the merchant what became of it."""
    actions.tell_disposition(disposition_id=disposition_id, at=timezone.now())


@every(600)
def decide_what_is_late() -> None:
    """Let deadlines decide and end the concessions whose last day is over."""
    actions.apply_defaults(at=timezone.now())
