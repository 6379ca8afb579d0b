"""Tell a merchant what came back and how it was graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from assurance.accounts.models import User
from assurance.notices.actions import notify
from assurance.roles import MERCHANT
from qc.returned.models import ReturnInspection

if TYPE_CHECKING:
    from datetime import datetime


def tell_graded(*, inspection_id: int, at: datetime) -> None:
    """Tell the merchant the grade of a returned unit."""
    row = ReturnInspection.objects.select_related("unit__product").get(pk=inspection_id)
    notify(
        "return_graded",
        recipients=User.objects.acting_for(row.merchant_id, MERCHANT),
        key=str(row.pk),
        at=at,
        link=reverse("returned:show", args=[row.unit_id]),
        unit=row.unit.code,
        grade=row.grade.upper(),
        party=row.party,
    )
