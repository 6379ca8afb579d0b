"""Tell people what waits for them and what became of their goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from assurance.accounts.models import User
from assurance.notices.actions import notify
from assurance.roles import MERCHANT, QC
from qc.inspections.models import Inspection

if TYPE_CHECKING:
    from datetime import datetime


def tell_of_waiting_goods(*, inspection_id: int, at: datetime) -> None:
    """Tell the merchant that goods arrived, and the inspectors of the warehouse that they wait."""
    inspection = Inspection.objects.select_related("lot").get(pk=inspection_id)
    key = str(inspection.pk)
    link = reverse("inspections:show", args=[inspection.pk])
    merchants = User.objects.acting_for(inspection.merchant_id, MERCHANT)
    inspectors = User.objects.acting_for(inspection.warehouse_id, QC)
    number = inspection.lot.number
    notify("lot_received", recipients=merchants, key=key, at=at, link=link, lot=number, units=inspection.lot_size)
    due = inspection.due_at.isoformat()
    notify("inspection_waiting", recipients=inspectors, key=key, at=at, link=link, lot=number, sample=inspection.sample_size, due=due)


def tell_verdict(*, inspection_id: int, at: datetime) -> None:
    """Tell the merchant whether the lot was released or is on hold."""
    inspection = Inspection.objects.select_related("lot").get(pk=inspection_id)
    is_released = inspection.lot.moves.filter(reference=inspection.move_reference, target="released").exists()
    notify(
        "lot_released" if is_released else "lot_held",
        recipients=User.objects.acting_for(inspection.merchant_id, MERCHANT),
        key=str(inspection.pk),
        at=at,
        link=reverse("inspections:show", args=[inspection.pk]),
        lot=inspection.lot.number,
        inspected=inspection.inspected,
        defective=inspection.nonconforming,
    )
