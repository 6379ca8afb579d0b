"""Tell people what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from assurance.accounts.models import User
from assurance.notices.actions import notify
from assurance.roles import MERCHANT, QC
from warehouse.returns.models import ReturnParcel

if TYPE_CHECKING:
    from datetime import datetime


def tell_received(*, return_id: int, at: datetime) -> None:
    """Tell the merchant that goods came back, and the inspectors of the warehouse that they wait."""
    row = ReturnParcel.objects.get(pk=return_id)
    link = reverse("returns:show", args=[row.pk])
    told = {"return": row.code, "units": row.units.count()}
    for kind, organisation_id, roles in (
        ("return_received", row.merchant_id, MERCHANT),
        ("return_waiting", row.warehouse_id, QC),
    ):
        people = User.objects.filter(organisation_id=organisation_id, role__in=roles).order_by("id")
        notify(kind, recipients=people, key=str(row.pk), at=at, link=link, **told)
