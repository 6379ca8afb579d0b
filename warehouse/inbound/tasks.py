"""What follows when goods arrive otherwise than announced: people are told."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import job
from warehouse.inbound import actions


@job("warehouse.discrepancy.found", queue="notices")
def tell_found(*, discrepancy_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant, and the leads where one of them is needed."""
    actions.tell_found(discrepancy_id=discrepancy_id, at=timezone.now())


@job("warehouse.discrepancy.handed_over", queue="notices")
def tell_handed_over(*, discrepancy_id: int, **_from_newer_writers: object) -> None:
    """Tell the person who takes care of it now."""
    actions.tell_handed_over(discrepancy_id=discrepancy_id, at=timezone.now())


@job("warehouse.discrepancy.settled", queue="notices")
def tell_settled(*, discrepancy_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant what became of his goods."""
    actions.tell_settled(discrepancy_id=discrepancy_id, at=timezone.now())
