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
    key = str(row.pk)
    merchants = User.objects.acting_for(row.merchant_id, MERCHANT)
    inspectors = User.objects.acting_for(row.warehouse_id, QC)
    notify("return_received", recipients=merchants, key=key, at=at, link=link, **told)
    notify("return_waiting", recipients=inspectors, key=key, at=at, link=link, **told)
