"""Tell people what waits for them and what became of a sample. No notice says what was found before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from assurance.accounts.models import User
from assurance.notices.actions import notify
from assurance.roles import MERCHANT, QC, Role
from qc.labs.models import Sample

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

TOLD = {
    "qc.sample.scheduled": ("sample_to_take", "warehouse", QC),
    "qc.sample.dispatched": ("sample_coming", "lab", (Role.LAB_ANALYST,)),
    "qc.sample.resulted": ("results_to_verify", "lab", (Role.LAB_VERIFIER,)),
    "qc.sample.returned": ("results_sent_back", "lab", (Role.LAB_ANALYST,)),
    "qc.sample.verified": ("results_to_publish", "warehouse", (Role.QC_LEAD,)),
    "qc.sample.voided": ("sample_voided", "warehouse", (Role.QC_LEAD,)),
}
"""Event → notice, whose people, which of them."""


def tell_next(kind: str, *, sample_id: int, at: datetime) -> None:
    """Tell whoever is next that a sample waits for them."""
    sample = Sample.objects.select_related("lot").get(pk=sample_id)
    notice, side, roles = TOLD[kind]
    house = sample.lab_id or 0 if side == "lab" else sample.warehouse_id
    words: dict[str, Any] = {"sample": sample.code}
    if side == "warehouse":
        words["lot"] = sample.lot.number
    elif sample.due_at:
        words["due"] = sample.due_at.isoformat()
    key = f"{sample.pk}:{sample.handovers.count()}"
    notify(notice, recipients=_people(house, roles), key=key, at=at, link=_page(sample), **words)


def tell_published(*, sample_id: int, at: datetime) -> None:
    """Tell the merchant and the quality lead what a sample says."""
    sample = Sample.objects.select_related("lot").get(pk=sample_id)
    kind = "lab_failed" if sample.verdict == "fail" else "lab_passed"
    words = {"sample": sample.code, "lot": sample.lot.number, "tests": sample.tests.count()}
    for house, roles in ((sample.merchant_id, MERCHANT), (sample.warehouse_id, (Role.QC_LEAD,))):
        notify(kind, recipients=_people(house, roles), key=str(sample.pk), at=at, link=_page(sample), **words)


def _people(organisation_id: int, roles: Iterable[str]) -> QuerySet[User]:
    return User.objects.filter(organisation_id=organisation_id, role__in=roles, is_active=True).order_by("id")


def _page(sample: Sample) -> str:
    return reverse("labs:show", args=[sample.pk])
