"""Tell people what waits for them and what became of a sample. No notice says what was found before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from assurance.accounts.models import User
from assurance.notices.actions import notify
from assurance.roles import MERCHANT, QC, Role
from qc.labs.models import Sample

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

ANALYSTS = (Role.LAB_ANALYST,)
VERIFIERS = (Role.LAB_VERIFIER,)
LEADS = (Role.QC_LEAD,)


def tell_of_scheduled(*, sample_id: int, at: datetime) -> None:
    """Tell the warehouse what is to be taken; a counter-sample is sealed already."""
    sample = _sample(sample_id)
    _tell("sample_to_take", sample, sample.warehouse_id, QC, at=at, lot=sample.lot.number)


def tell_of_dispatched(*, sample_id: int, at: datetime) -> None:
    """Tell the laboratory what is coming."""
    sample = _sample(sample_id)
    _tell("sample_coming", sample, sample.lab_id, ANALYSTS, at=at, due=_due(sample))


def tell_of_results(*, sample_id: int, at: datetime) -> None:
    """Tell the verifiers that results wait."""
    sample = _sample(sample_id)
    _tell("results_to_verify", sample, sample.lab_id, VERIFIERS, at=at, due=_due(sample))


def tell_of_returned(*, sample_id: int, at: datetime) -> None:
    """Tell the analysts that results were sent back."""
    sample = _sample(sample_id)
    _tell("results_sent_back", sample, sample.lab_id, ANALYSTS, at=at, due=_due(sample))


def tell_of_verified(*, sample_id: int, at: datetime) -> None:
    """Tell the quality lead that something can be published."""
    sample = _sample(sample_id)
    _tell("results_to_publish", sample, sample.warehouse_id, LEADS, at=at, lot=sample.lot.number)


def tell_of_voided(*, sample_id: int, at: datetime) -> None:
    """Tell the quality lead that a sample is none any more."""
    sample = _sample(sample_id)
    _tell("sample_voided", sample, sample.warehouse_id, LEADS, at=at, lot=sample.lot.number)


def tell_published(*, sample_id: int, at: datetime) -> None:
    """Tell the merchant and the quality lead what a sample says."""
    sample = _sample(sample_id)
    words = {"lot": sample.lot.number, "tests": sample.tests.count()}
    for house, roles in ((sample.merchant_id, MERCHANT), (sample.warehouse_id, LEADS)):
        _tell("lab_failed" if sample.verdict == "fail" else "lab_passed", sample, house, roles, at=at, **words)


def _sample(sample_id: int) -> Sample:
    return Sample.objects.select_related("lot").get(pk=sample_id)


def _due(sample: Sample) -> str:
    return sample.due_at.isoformat() if sample.due_at else ""


def _tell(kind: str, sample: Sample, house: int | None, roles: Iterable[str], *, at: datetime, **words: object) -> None:
    """Tell these people of one house, once for each time the sample comes to this step."""
    people = User.objects.acting_for(house or 0, roles)
    key = f"{sample.pk}:{sample.handovers.count()}"
    notify(kind, recipients=people, key=key, at=at, link=reverse("labs:show", args=[sample.pk]), sample=sample.code, **words)
