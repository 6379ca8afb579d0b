"""What every step on a non-conformance begins with: its lot and itself, locked, and the refusals they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assurance.refusals import Refused
from assurance.roles import Role
from qc.nonconformance.models import Disposition, NonConformance
from warehouse.stock.actions import lock_lot

if TYPE_CHECKING:
    from assurance.accounts.models import User


class NotALot(Refused):
    code = "not_a_lot"
    message = _("Only lots on hold are decided here; parcels are packed again, returned units are decided with their grade.")


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("These goods are in another warehouse.")


class TooManyUnits(Refused):
    code = "too_many_units"
    message = _("Only %(left)s units are left without a decision; %(asked)s were asked for.")


class ReasonMissing(Refused):
    code = "required"
    status = 422
    message = _("Say why.")


def lock(non_conformance_id: int) -> NonConformance:
    """Return one with its lot, both held until the transaction ends; the lot comes first.

    :raises NotALot: if it is a parcel's or a returned unit's
    """
    lot_id = NonConformance.objects.values_list("lot_id", flat=True).get(pk=non_conformance_id, stage="inbound")
    lot = lock_lot(lot_id)
    row = NonConformance.objects.select_for_update(of=("self",)).get(pk=non_conformance_id)
    row.lot = lot
    return row


def lock_disposition(disposition_id: int) -> tuple[Disposition, NonConformance]:
    """Return a decision with what it decides on, held until the transaction ends: lot, non-conformance, decision."""
    row = lock(Disposition.objects.values_list("non_conformance_id", flat=True).get(pk=disposition_id))
    return Disposition.objects.select_for_update(of=("self",)).get(pk=disposition_id), row


def check_lot(row: NonConformance) -> None:
    if row.stage != "inbound":
        raise NotALot


def check_here(row: NonConformance, actor: User) -> None:
    """Refuse who works in another warehouse; the platform's administrator decides everywhere."""
    if actor.role != Role.PLATFORM_ADMIN and actor.organisation_id != row.warehouse_id:
        raise OtherWarehouse


def said(reason: str) -> str:
    """Return a reason without blanks around it.

    :raises ReasonMissing: without one
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    return reason.strip()
