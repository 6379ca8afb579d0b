"""What follows a return: how much of a product comes back is measured, people are told."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import job
from warehouse.returns import actions


@job("warehouse.return.received")
def report_return_rates(*, return_id: int, **_from_newer_writers: object) -> None:
    """Report the return rate of what came back."""
    now = timezone.now()
    actions.report_return_rates(return_id=return_id, as_of=now, at=now)


@job("warehouse.return.received", queue="notices")
def tell_received(*, return_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that goods came back, and the inspectors that they wait."""
    actions.tell_received(return_id=return_id, at=timezone.now())
