"""What follows without anybody asking: samples that a badge waits for are scheduled, people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from assurance.events.registry import job
from assurance.reference import newest, reference
from qc.labs import actions
from qc.labs.actions import telling

if TYPE_CHECKING:
    from datetime import datetime


@reference("lab_tests")
def load_tests(at: datetime) -> int:
    """Load the newest version of the tests and their limits."""
    return actions.load_tests(data=newest("lab_tests"), at=at)


@job("qc.lot.released")
def schedule_what_is_demanded(*, lot_id: int, **_from_newer_writers: object) -> None:
    """Put a released lot on the list whose badge waits for a laboratory."""
    actions.schedule_what_is_demanded(lot_id=lot_id, at=timezone.now())


@job("qc.sample.scheduled", queue="notices")
def tell_of_scheduled(*, sample_id: int, **_from_newer_writers: object) -> None:
    """Tell the warehouse what is to be taken."""
    telling.tell_of_scheduled(sample_id=sample_id, at=timezone.now())


@job("qc.sample.dispatched", queue="notices")
def tell_of_dispatched(*, sample_id: int, **_from_newer_writers: object) -> None:
    """Tell the laboratory what is coming."""
    telling.tell_of_dispatched(sample_id=sample_id, at=timezone.now())


@job("qc.sample.resulted", queue="notices")
def tell_of_results(*, sample_id: int, **_from_newer_writers: object) -> None:
    """Tell the verifiers that results wait."""
    telling.tell_of_results(sample_id=sample_id, at=timezone.now())


@job("qc.sample.returned", queue="notices")
def tell_of_returned(*, sample_id: int, **_from_newer_writers: object) -> None:
    """Tell the analysts that results were sent back."""
    telling.tell_of_returned(sample_id=sample_id, at=timezone.now())


@job("qc.sample.verified", queue="notices")
def tell_of_verified(*, sample_id: int, **_from_newer_writers: object) -> None:
    """Tell the quality lead that something can be published."""
    telling.tell_of_verified(sample_id=sample_id, at=timezone.now())


@job("qc.sample.voided", queue="notices")
def tell_of_voided(*, sample_id: int, **_from_newer_writers: object) -> None:
    """Tell the quality lead that a sample is none any more."""
    telling.tell_of_voided(sample_id=sample_id, at=timezone.now())


@job("qc.sample.published", queue="notices")
def tell_published(*, sample_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant and the quality lead what was found."""
    telling.tell_published(sample_id=sample_id, at=timezone.now())
