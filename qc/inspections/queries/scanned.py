"""What a scan at the queue means: an inspection, a lot, a shipment, the bag of a returned unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import Inspection
from qc.inspections.queries.benches import find
from qc.inspections.queries.points import sheet
from warehouse.inbound.models import Receipt, ShipmentNotice
from warehouse.returns.lifecycle import UnitState
from warehouse.returns.models import ReturnUnit
from warehouse.returns.queries import numbered
from warehouse.stock.gs1 import Unreadable, read

if TYPE_CHECKING:
    from assurance.accounts.models import User


def opened_by(user: User, code: str) -> str:
    """Return the page that a scanned code opens: its inspection, at the bench where the user is at it; nothing for a code of nothing here.

    Of several inspections it is the one that is due first.
    """
    unit = ReturnUnit.objects.visible_to(user).filter(_called(code, "TJ")).first()
    if unit:
        return reverse("returned:inspect" if unit.state == UnitState.RECEIVED else "returned:show", args=[unit.pk])
    inspection = _inspection(user, code)
    if inspection is None:
        return ""
    if inspection.state != InspectionState.CLAIMED or inspection.inspector_id != user.pk:
        return reverse("inspections:show", args=[inspection.pk])
    return reverse("inspections:points" if sheet(inspection).is_open else "inspections:work", args=[inspection.pk])


def _called(code: str, prefix: str) -> Q:
    """Return the condition that a document number says; a bare figure is no document."""
    return numbered(code, prefix, "pk") if code.upper().startswith(f"{prefix}-") else Q(pk=None)


def _inspection(user: User, code: str) -> Inspection | None:
    try:
        said = read(code)
    except Unreadable:
        return None
    number = said.lot_number or said.code
    notices = ShipmentNotice.objects.visible_to(user).filter(_called(number, "RK") | Q(reference=number))
    received = Receipt.objects.filter(line__notice__in=notices).values("lot_id")
    return find(user, scope="todo").filter(_called(number, "QC") | Q(lot__number=number) | Q(lot__in=received)).first()
