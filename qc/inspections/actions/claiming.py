"""One inspector at a time: take an inspection from the queue, or put it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.enrollment.models import Enrolment
from assurance.events.actions import announce
from assurance.events.changes import change
from assurance.refusals import OwnWork, Refused
from assurance.roles import Role
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import Inspection
from warehouse.stock.actions import lock_lot

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User


class AlreadyClaimed(Refused):
    code = "already_claimed"
    message = _("%(who)s is inspecting this: it is now “%(state)s”.")


class AlreadyDecided(Refused):
    code = "already_decided"
    message = _("The verdict has been given: it is now “%(state)s”.")


class NotClaimed(Refused):
    code = "not_claimed"
    message = _("Take the inspection first: it is now “%(state)s”.")


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("These goods are in another warehouse.")


@transaction.atomic
def claim(*, inspection_id: int, actor: User, at: datetime) -> Inspection:
    """Take an inspection; taking it again changes nothing.

    :raises AlreadyClaimed, AlreadyDecided: if somebody was faster
    :raises OtherWarehouse: if the goods are elsewhere
    :raises OwnWork: if the actor received these goods or entered the product's enrolment (P22.3)
    """
    inspection = lock(inspection_id)
    if inspection.state == InspectionState.CLAIMED and inspection.inspector_id == actor.pk:
        return inspection
    check_undecided(inspection)
    if inspection.state != InspectionState.OPEN:
        raise AlreadyClaimed(who=inspection.inspector.name, state=inspection.get_state_display())  # type: ignore[union-attr]
    check_person(inspection, actor)
    changes = change(inspection, state=InspectionState.CLAIMED, inspector_id=actor.pk, claimed_at=at)
    inspection.save(update_fields=["state", "inspector", "claimed_at"])
    announce("qc.inspection.claimed", actor=actor, at=at, subject=inspection, changes=changes, inspection_id=inspection.pk)
    return inspection


@transaction.atomic
def give_back(*, inspection_id: int, actor: User, at: datetime) -> Inspection:
    """Put an inspection back into the queue with the units recorded so far. The QC lead may do it for somebody who went home.

    :raises NotClaimed, AlreadyClaimed, AlreadyDecided: if there is nothing of the actor's to give back
    """
    inspection = lock(inspection_id)
    check_undecided(inspection)
    if inspection.state != InspectionState.CLAIMED:
        raise NotClaimed(state=inspection.get_state_display())
    is_lead = actor.role == Role.QC_LEAD and actor.organisation_id == inspection.warehouse_id
    if inspection.inspector_id != actor.pk and not is_lead:
        raise AlreadyClaimed(who=inspection.inspector.name, state=inspection.get_state_display())  # type: ignore[union-attr]
    changes = change(inspection, state=InspectionState.OPEN, inspector_id=None, claimed_at=None)
    inspection.save(update_fields=["state", "inspector", "claimed_at"])
    announce("qc.inspection.given_back", actor=actor, at=at, subject=inspection, changes=changes, inspection_id=inspection.pk)
    return inspection


def lock(inspection_id: int) -> Inspection:
    """Return an inspection, held until the transaction ends. The lot comes first, here as everywhere: no two wait for each other."""
    lot = lock_lot(Inspection.objects.values_list("lot_id", flat=True).get(pk=inspection_id))
    inspection = Inspection.objects.select_for_update(of=("self",)).select_related("inspector").get(pk=inspection_id)
    inspection.lot = lot
    return inspection


def check_undecided(inspection: Inspection) -> None:
    """:raises AlreadyDecided: with the verdict that stands"""
    if inspection.is_decided:
        raise AlreadyDecided(state=inspection.get_state_display())


def check_person(inspection: Inspection, actor: User) -> None:
    """:raises OtherWarehouse, OwnWork: if the actor may not inspect these goods"""
    if actor.organisation_id != inspection.warehouse_id:
        raise OtherWarehouse
    if inspection.lot.receipts.filter(received_by=actor).exists() or _has_enrolled(actor, inspection.product_id):
        raise OwnWork


def check_inspector(inspection: Inspection, actor: User) -> None:
    """:raises AlreadyDecided, NotClaimed, AlreadyClaimed: if the actor is not the one who inspects"""
    check_undecided(inspection)
    if inspection.state != InspectionState.CLAIMED:
        raise NotClaimed(state=inspection.get_state_display())
    if inspection.inspector_id != actor.pk:
        raise AlreadyClaimed(who=inspection.inspector.name, state=inspection.get_state_display())  # type: ignore[union-attr]
    check_person(inspection, actor)


def _has_enrolled(actor: User, product_id: int) -> bool:
    entered = Enrolment.objects.filter(product_id=product_id)
    return entered.filter(Q(created_by=actor) | Q(submitted_by=actor)).exists()
