"""One inspector at a time: take an inspection from the queue, or put it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.enrollment.models import Enrolment
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change
from assurance.refusals import OwnWork, Refused, at_place
from assurance.roles import Role
from qc.inspections.actions.holding import lock, lock_all
from qc.inspections.lifecycle import InspectionState
from warehouse.inbound.models import Receipt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.inspections.models import Inspection


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


@dataclass(frozen=True)
class Case:
    """One inspection that somebody takes, and when."""

    inspection_id: int
    at: datetime


def claim(*, inspection_id: int, actor: User, at: datetime) -> Inspection:
    """Take an inspection; taking it again changes nothing.

    :raises AlreadyClaimed, AlreadyDecided: if somebody was faster
    :raises OtherWarehouse: if the goods are elsewhere
    :raises OwnWork: if the actor received these goods or entered the product's enrolment (P22.3)
    """
    return claim_all([Case(inspection_id, at)], actor=actor)[0]


@transaction.atomic
def claim_all(cases: Sequence[Case], *, actor: User) -> list[Inspection]:
    """Take many inspections, each at its own moment; those that are the actor's stay as they are.

    :raises AlreadyClaimed, AlreadyDecided, OtherWarehouse, OwnWork: of the first that is refused; then none is taken
    """
    inspections = lock_all([case.inspection_id for case in cases])
    own = own_work(inspections, actor)
    news, taken = [], []
    for place, (inspection, case) in enumerate(zip(inspections, cases, strict=True)):
        if inspection.state == InspectionState.CLAIMED and inspection.inspector_id == actor.pk:
            continue
        with at_place(place):
            check_undecided(inspection)
            if inspection.state != InspectionState.OPEN:
                raise AlreadyClaimed(who=inspection.inspector.name, state=inspection.get_state_display())  # type: ignore[union-attr]
            check_person(inspection, actor, own)
        changes = change(inspection, state=InspectionState.CLAIMED, inspector_id=actor.pk, claimed_at=case.at)
        news.append(News("qc.inspection.claimed", inspection, changes, case.at, actor, {"inspection_id": inspection.pk}))
        taken.append(inspection)
    update_each(taken, ["state", "inspector", "claimed_at"])
    announce_each(news)
    return inspections


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


def check_undecided(inspection: Inspection) -> None:
    """:raises AlreadyDecided: with the verdict that stands"""
    if inspection.is_decided:
        raise AlreadyDecided(state=inspection.get_state_display())


def check_person(inspection: Inspection, actor: User, own: Own) -> None:
    """:raises OtherWarehouse, OwnWork: if the actor may not inspect these goods; ``own`` is his ``own_work``"""
    if actor.organisation_id != inspection.warehouse_id:
        raise OtherWarehouse
    if inspection.repeats and inspection.repeats.inspector_id == actor.pk:
        raise OwnWork
    if inspection.lot_id in own.lots or inspection.product_id in own.products:
        raise OwnWork


def check_inspector(inspection: Inspection, actor: User, own: Own) -> None:
    """:raises AlreadyDecided, NotClaimed, AlreadyClaimed: if the actor is not the one who inspects"""
    check_undecided(inspection)
    if inspection.state != InspectionState.CLAIMED:
        raise NotClaimed(state=inspection.get_state_display())
    if inspection.inspector_id != actor.pk:
        raise AlreadyClaimed(who=inspection.inspector.name, state=inspection.get_state_display())  # type: ignore[union-attr]
    check_person(inspection, actor, own)


@dataclass(frozen=True)
class Own:
    """What somebody had a part in, so that he does not inspect it: lots he received, products he enrolled."""

    lots: frozenset[int]
    products: frozenset[int]


def own_work(inspections: Sequence[Inspection], actor: User) -> Own:
    """Return what of these the actor had a part in. Two queries."""
    received = Receipt.objects.filter(lot__in={one.lot_id for one in inspections}, received_by=actor)
    by_him = Q(created_by=actor) | Q(submitted_by=actor)
    entered = Enrolment.objects.filter(by_him, product__in={one.product_id for one in inspections})
    return Own(frozenset(received.values_list("lot_id", flat=True)), frozenset(entered.values_list("product_id", flat=True)))
