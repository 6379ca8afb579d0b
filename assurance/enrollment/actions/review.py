"""What the reviewer does: claim, hand back, decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance import refusals
from assurance.database import update_each
from assurance.enrollment import reasons as rules
from assurance.enrollment import snapshot
from assurance.enrollment.actions.steps import Step, guard, guard_submitted, locked, locked_all, move_all, prove_all, tell_all
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment, ReviewReason
from assurance.enrollment.of_papers import admit_merchants, refuse_doubtful
from assurance.events.changes import change
from assurance.products import actions as products
from assurance.refusals import OwnWork, Refused, at_place
from assurance.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.enrollment.reasons import Reason
    from assurance.events.changes import Changes

VALID_FOR: Final = timedelta(days=365)


class AlreadyClaimed(Refused):
    code = "already_claimed"
    message = _("A reviewer is already at it.")


class NotClaimed(Refused):
    code = "not_claimed"
    message = _("Claim the case before you decide it.")


class ClaimedByAnother(Refused):
    code = "claimed_by_another"
    message = _("Another reviewer is at it. It must be handed back first.")


class BadReasons(refusals.BadReasons):
    """The reasons do not say what the merchant must do."""

    sentences = {
        "unknown_reason_field": _("Nothing of this name was submitted."),
        "duplicate_reason": _("This reason is given twice for the same field."),
    }


@dataclass(frozen=True)
class Case:
    """One enrolment that a reviewer takes or decides, and when."""

    enrolment_id: int
    at: datetime


def claim(*, enrolment_id: int, actor: User, at: datetime) -> Enrolment:
    """Take a case: nobody else can decide it now (P1.5).

    :raises WrongState: unless it waits for review
    :raises AlreadyClaimed: if somebody was first
    :raises OwnWork: if the reviewer had a part in it
    """
    return claim_all([Case(enrolment_id, at)], actor=actor)[0]


@transaction.atomic
def claim_all(cases: Sequence[Case], *, actor: User) -> list[Enrolment]:
    """Take many cases, each at its own moment.

    :raises WrongState, AlreadyClaimed, OwnWork: of the first that is refused; then none is taken
    """
    enrolments = locked_all([case.enrolment_id for case in cases])
    steps = []
    for place, (enrolment, case) in enumerate(zip(enrolments, cases, strict=True)):
        with at_place(place):
            guard_submitted(enrolment)
            _guard_own_work(enrolment, actor)
            if enrolment.claimed_by_id is not None:
                raise AlreadyClaimed
            steps.append(Step(enrolment, actor, case.at, change(enrolment, claimed_by_id=actor.pk, claimed_at=case.at)))
    update_each(enrolments, ["claimed_by", "claimed_at"])
    tell_all(steps, "claimed")
    return enrolments


@transaction.atomic
def release_claim(*, enrolment_id: int, actor: User, at: datetime, reason: str = "") -> Enrolment:
    """Hand a case back to the queue. An administrator may do it for a reviewer who is not there.

    :raises WrongState, NotClaimed: if there is nothing to hand back
    :raises ClaimedByAnother: if it is somebody else's
    """
    enrolment = locked(enrolment_id)
    guard_submitted(enrolment)
    if enrolment.claimed_by_id is None:
        raise NotClaimed
    if enrolment.claimed_by_id != actor.pk and actor.role != Role.PLATFORM_ADMIN:
        raise ClaimedByAnother
    changes = change(enrolment, claimed_by_id=None, claimed_at=None)
    enrolment.save(update_fields=["claimed_by", "claimed_at"])
    tell_all([Step(enrolment, actor, at, changes, reason=reason)], "released")
    return enrolment


def approve(*, enrolment_id: int, actor: User, at: datetime) -> Enrolment:
    """Let the product in, for a year, and its merchant with his first one.

    :raises WrongState, OwnWork, NotClaimed, ClaimedByAnother, Blocked, EntryFailed: if the actor may not decide it so now
    """
    return approve_all([Case(enrolment_id, at)], actor=actor)[0]


@transaction.atomic
def approve_all(cases: Sequence[Case], *, actor: User) -> list[Enrolment]:
    """Let many products in, each from its own moment on.

    :raises WrongState, OwnWork, NotClaimed, ClaimedByAnother: of the first that the actor may not decide; then none is let in
    :raises Blocked: for want of a paper that ended, while the merchant is cleared out, or while a claim or certificate is in doubt
    :raises EntryFailed: if the merchant's own numbers are below the floors of entry
    """
    enrolments = locked_all([case.enrolment_id for case in cases])
    steps = []
    for place, (enrolment, case) in enumerate(zip(enrolments, cases, strict=True)):
        with at_place(place):
            _check_decision(enrolment, EnrolmentState.APPROVED, actor)
        steps.append(
            Step(enrolment, actor, case.at, new={"decided_by": actor.pk, "decided_at": case.at, "valid_until": case.at + VALID_FOR})
        )
    refuse_doubtful(enrolments, max((case.at for case in cases), default=timezone.now()))
    admit_merchants(enrolments, [case.at for case in cases], actor=actor)
    approved = move_all(steps, EnrolmentState.APPROVED, "approved")
    prove_all("enrolment_approved", steps)
    return approved


@transaction.atomic
def return_for_changes(*, enrolment_id: int, reasons: Sequence[Reason], actor: User, at: datetime) -> Enrolment:
    """Give the product back to be changed; every reason stands beside its field (P1.2).

    :raises BadReasons: if none is given, or one points at nothing
    :raises WrongState, OwnWork, NotClaimed, ClaimedByAnother: if the actor may not decide it now
    """
    enrolment = _for_decision(enrolment_id, EnrolmentState.NEEDS_CHANGES, actor)
    changes = _give_reasons(enrolment, reasons, actor=actor, at=at)
    products.unlock(enrolment.product, actor=actor, at=at)
    return move_all([Step(enrolment, actor, at, changes)], EnrolmentState.NEEDS_CHANGES, "returned")[0]


@transaction.atomic
def reject(*, enrolment_id: int, reasons: Sequence[Reason], actor: User, at: datetime) -> Enrolment:
    """Refuse the product; a new enrolment may be begun when the reasons no longer hold.

    :raises BadReasons: if none is given, or one points at nothing
    :raises WrongState, OwnWork, NotClaimed, ClaimedByAnother: if the actor may not decide it now
    """
    enrolment = _for_decision(enrolment_id, EnrolmentState.REJECTED, actor)
    changes = _give_reasons(enrolment, reasons, actor=actor, at=at)
    products.unlock(enrolment.product, actor=actor, at=at)
    new = {"decided_by": actor.pk, "decided_at": at}
    return move_all([Step(enrolment, actor, at, changes, new)], EnrolmentState.REJECTED, "rejected")[0]


def _guard_own_work(enrolment: Enrolment, actor: User) -> None:
    if actor.organisation_id == enrolment.merchant_id or actor.pk in (enrolment.created_by_id, enrolment.submitted_by_id):
        raise OwnWork


def _for_decision(enrolment_id: int, to: EnrolmentState, actor: User) -> Enrolment:
    enrolment = locked(enrolment_id)
    _check_decision(enrolment, to, actor)
    return enrolment


def _check_decision(enrolment: Enrolment, to: EnrolmentState, actor: User) -> None:
    guard(enrolment, to)
    _guard_own_work(enrolment, actor)
    if enrolment.claimed_by_id is None:
        raise NotClaimed
    if enrolment.claimed_by_id != actor.pk:
        raise ClaimedByAnother


def _give_reasons(enrolment: Enrolment, given: Sequence[Reason], *, actor: User, at: datetime) -> Changes:
    place, code = rules.flaw(given, snapshot.names(enrolment.snapshot))
    if code:
        raise BadReasons(place, code)
    ReviewReason.objects.bulk_create(
        ReviewReason(
            enrolment=enrolment,
            merchant_id=enrolment.merchant_id,
            field=reason.field,
            code=reason.code,
            words=reason.words,
            given_by=actor,
            given_at=at,
        )
        for reason in given
    )
    return {"reasons": [None, [[reason.field, reason.code, reason.words] for reason in given]]}
