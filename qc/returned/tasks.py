"""What follows a grade: the product's shares are measured, the merchant is told, the deadline decides for who is silent."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import every, job
from qc.returned import actions


@job("qc.return.graded")
def report_grades(*, product_id: int | None = None, **_from_newer_writers: object) -> None:
    """Report how what came back of the product was graded."""
    if product_id is not None:
        now = timezone.now()
        actions.report_grades(product_id=product_id, as_of=now, at=now)


@job("qc.return.graded", queue="notices")
def tell_graded(*, inspection_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant what came back and how it was graded."""
    actions.tell_graded(inspection_id=inspection_id, at=timezone.now())


@every(600)
def decide_what_is_late() -> None:
    """Let the deadline decide on units that nobody can sell."""
    actions.apply_defaults(at=timezone.now())
