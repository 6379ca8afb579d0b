"""Suspended inspection stops the goods until somebody else has approved what the merchant changed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from assurance.accounts.models import User
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.gates.actions import AlreadyLifted, lift_stop, open_stop
from assurance.notices.actions import notify
from assurance.refusals import OwnWork, Refused, WrongState
from assurance.roles import MERCHANT, Role
from assurance.sentences import keep
from qc.inspections.actions.severities import NothingChanges, change_conditions
from qc.inspections.models import ClassSeverity
from qc.quality.lifecycle import ActionState
from qc.quality.models import CorrectiveAction

if TYPE_CHECKING:
    from datetime import datetime

STOP_CODE: Final = "inspection_suspended"
SUSPENDED: Final = gettext_noop("Too many lots were not accepted: a corrective action must be approved first.")
EFFECTIVE: Final = gettext_noop("The corrective action was approved.")
keep(SUSPENDED, EFFECTIVE)


class WordsMissing(Refused):
    code = "required"
    status = 422
    message = _("Say it in words.")


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("These goods are in another warehouse.")


@transaction.atomic
def demand(*, severity_id: int, at: datetime) -> CorrectiveAction | None:
    """Stop a product in a warehouse whose inspection is suspended, and ask its merchant what he will change.

    Asked for again, or after the suspension ended, it changes nothing.
    """
    of = ClassSeverity.objects.select_for_update(no_key=True).get(pk=severity_id)
    suspended = ClassSeverity.objects.filter(product_id=of.product_id, warehouse_id=of.warehouse_id, severity="suspended")
    standing = CorrectiveAction.objects.open().filter(product_id=of.product_id, warehouse_id=of.warehouse_id).first()
    if standing or not suspended.exists():
        return standing
    about: dict[str, Any] = {"merchant_id": of.merchant_id, "product_id": of.product_id, "warehouse_id": of.warehouse_id}
    stop = open_stop(**about, code=STOP_CODE, because=SUSPENDED, actor=None, at=at)
    made = CorrectiveAction.objects.create(**about, severity=of, stop=stop, demanded_at=at)
    shown = ("product_id", "warehouse_id", "severity_id", "state")
    announce("qc.corrective.demanded", actor=None, at=at, subject=made, changes=first(made, *shown), corrective_action_id=made.pk)
    return made


@transaction.atomic
def submit(*, corrective_action_id: int, cause: str, plan: str, actor: User, at: datetime) -> CorrectiveAction:
    """Say what the cause was and what was changed.

    :raises WrongState: if it is submitted or approved already
    :raises WordsMissing: without cause or plan
    """
    for field, words in (("cause", cause), ("plan", plan)):
        if not words.strip():
            raise WordsMissing(field=field)
    row = _lock(corrective_action_id)
    if row.merchant_id != actor.organisation_id:
        raise OwnWork
    _check_state(row, ActionState.DEMANDED)
    new = {"state": ActionState.SUBMITTED, "cause": cause.strip(), "plan": plan.strip(), "submitted_by_id": actor.pk, "submitted_at": at}
    changes = change(row, **new)
    row.save(update_fields=["state", "cause", "plan", "submitted_by", "submitted_at"])
    announce("qc.corrective.submitted", actor=actor, at=at, subject=row, changes=changes, corrective_action_id=row.pk)
    return row


@transaction.atomic
def send_back(*, corrective_action_id: int, reason: str, actor: User, at: datetime) -> CorrectiveAction:
    """Ask for a better plan; the goods stay stopped.

    :raises OwnWork, OtherWarehouse, WrongState: if it is not the actor's to judge, or not now
    :raises WordsMissing: without a reason
    """
    if not reason.strip():
        raise WordsMissing(field="reason")
    row = _lock_to_judge(corrective_action_id, actor)
    new = {"state": ActionState.DEMANDED, "decided_by_id": actor.pk, "decided_at": at, "decision_reason": reason.strip()}
    changes = change(row, **new)
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    announce("qc.corrective.sent_back", actor=actor, at=at, subject=row, changes=changes, reason=reason, corrective_action_id=row.pk)
    return row


@transaction.atomic
def approve(*, corrective_action_id: int, reason: str, actor: User, at: datetime) -> CorrectiveAction:
    """Judge the action effective: the stop is lifted, and inspection goes on tightened.

    :raises OwnWork, OtherWarehouse, WrongState: if it is not the actor's to judge, or not now
    """
    row = _lock_to_judge(corrective_action_id, actor)
    new = {"state": ActionState.APPROVED, "decided_by_id": actor.pk, "decided_at": at, "decision_reason": reason.strip()}
    changes = change(row, **new)
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    announce("qc.corrective.approved", actor=actor, at=at, subject=row, changes=changes, reason=reason, corrective_action_id=row.pk)
    with suppress(NothingChanges):
        change_conditions(severity_id=row.severity_id, action_effective=True, actor=actor, at=at, reason=EFFECTIVE)
    with suppress(AlreadyLifted):  # who may lift stops was faster
        lift_stop(stop_id=row.stop_id, actor=actor, at=at, reason=EFFECTIVE)
    return row


def _lock(corrective_action_id: int) -> CorrectiveAction:
    return CorrectiveAction.objects.select_for_update(of=("self",)).get(pk=corrective_action_id)


def _lock_to_judge(corrective_action_id: int, actor: User) -> CorrectiveAction:
    row = _lock(corrective_action_id)
    if actor.organisation_id == row.merchant_id or actor.pk == row.submitted_by_id:
        raise OwnWork
    if actor.role != Role.PLATFORM_ADMIN and actor.organisation_id != row.warehouse_id:
        raise OtherWarehouse
    _check_state(row, ActionState.SUBMITTED)
    return row


def _check_state(row: CorrectiveAction, state: ActionState) -> None:
    if row.state != state:
        raise WrongState(state=row.get_state_display())


def tell(*, corrective_action_id: int, at: datetime) -> None:
    """Tell whoever must act next: the merchant, or the leads of the warehouse."""
    row = CorrectiveAction.objects.select_related("product").get(pk=corrective_action_id)
    link = reverse("quality:show", args=[row.pk])
    merchant = User.objects.acting_for(row.merchant_id, MERCHANT)
    leads = User.objects.acting_for(row.warehouse_id, {Role.QC_LEAD})
    product, key = row.product.shown_name, f"{row.pk}:{row.submitted_at.isoformat() if row.submitted_at else ''}"
    if row.state == ActionState.DEMANDED:
        notify("corrective_demanded", recipients=merchant, key=f"{key}:{row.decided_at or ''}", at=at, link=link, product=product)
    elif row.state == ActionState.SUBMITTED:
        notify("corrective_submitted", recipients=leads, key=key, at=at, link=link, product=product)
    else:
        notify("corrective_approved", recipients=merchant, key=key, at=at, link=link, product=product)
