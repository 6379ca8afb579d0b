"""Decide on what was asked for: whoever asked for a concession does not approve it; the deadline decides for who is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from assurance.calendar import SHANGHAI
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.gates.actions import lift_stop
from assurance.refusals import OwnWork, Refused, WrongState
from assurance.sentences import keep
from qc.nonconformance.actions.guarding import TooManyUnits, check_here, lock, lock_disposition, said
from qc.nonconformance.lifecycle import DispositionState, NonConformanceState
from qc.nonconformance.models import Disposition, NonConformance
from qc.nonconformance.queries import stops_of_lots, undecided_of_lots
from qc.nonconformance.remedies import DEFAULT, due

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

DECIDED: Final = gettext_noop("Every unit that failed has its decision.")
NOBODY_DECIDED: Final = gettext_noop("Nobody decided in time.")
LAST_DAY_OVER: Final = gettext_noop("Its last day is over.")
keep(DECIDED, NOBODY_DECIDED, LAST_DAY_OVER)
MOST: Final = 500
"""Deadlines a call; the rest comes with the next."""


class ConcessionPast(Refused):
    code = "concession_past"
    message = _("The last day of this concession has passed.")


@transaction.atomic
def approve(*, disposition_id: int, actor: User, at: datetime, reason: str = "") -> Disposition:
    """Let a wish stand: its units belong to it from now on, and no other decision gets them.

    :raises OwnWork: if the actor asked for it himself
    :raises WrongState: if it is decided
    :raises TooManyUnits: if fewer units are left by now
    :raises ConcessionPast: if its last day has passed
    """
    found, row = lock_disposition(disposition_id)
    check_here(row, actor)
    if found.requested_by_id == actor.pk:
        raise OwnWork
    return approve_row(found, row, actor=actor, at=at, reason=reason.strip())


def approve_row(found: Disposition, row: NonConformance, *, actor: User | None, at: datetime, reason: str = "") -> Disposition:
    """Approve what the caller has locked. Every check but that of the person."""
    if found.state != DispositionState.REQUESTED:
        raise WrongState(state=found.get_state_display())
    if found.quantity > row.undecided:
        raise TooManyUnits(field="quantity", left=row.undecided, asked=found.quantity)
    if found.ends_date and at.astimezone(SHANGHAI).date() > found.ends_date:
        raise ConcessionPast
    changes = change(
        found, state=DispositionState.APPROVED, decided_by_id=actor.pk if actor else None, decided_at=at, decision_reason=reason
    )
    found.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    _tell("qc.disposition.approved", found, changes, actor, at, reason)
    lift_when_decided(row.lot_id or 0, at=at)
    return found


@transaction.atomic
def refuse(*, disposition_id: int, actor: User, at: datetime, reason: str) -> Disposition:
    """Refuse a wish, with the reason.

    :raises OwnWork: if the actor asked for it himself
    :raises WrongState: if it is decided
    :raises ReasonMissing: without a reason
    """
    reason = said(reason)
    found, row = lock_disposition(disposition_id)
    check_here(row, actor)
    if found.requested_by_id == actor.pk:
        raise OwnWork
    if found.state != DispositionState.REQUESTED:
        raise WrongState(state=found.get_state_display())
    changes = change(found, state=DispositionState.REFUSED, decided_by_id=actor.pk, decided_at=at, decision_reason=reason)
    found.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    _tell("qc.disposition.refused", found, changes, actor, at, reason)
    give_time(row, at=at)
    return found


@transaction.atomic
def end(*, disposition_id: int, actor: User | None, at: datetime, reason: str) -> Disposition:
    """End a decision before its units are used up: what is left of them needs another. ``actor`` is None when its last day passed.

    :raises WrongState: if it is not in force
    :raises ReasonMissing: without a reason
    """
    reason = said(reason)
    found, row = lock_disposition(disposition_id)
    if actor is not None:
        check_here(row, actor)
    if found.state != DispositionState.APPROVED:
        raise WrongState(state=found.get_state_display())
    changes = change(found, state=DispositionState.ENDED, finished_at=at)
    found.save(update_fields=["state", "finished_at"])
    _tell("qc.disposition.ended", found, changes, actor, at, reason)
    give_time(row, at=at)
    return found


def give_time(row: NonConformance, *, at: datetime) -> None:
    """Give those who must decide on units that are left the same time once more. The caller holds the row."""
    changes = change(row, due_at=max(row.due_at, due(at, row.severity)))
    if changes:
        row.save(update_fields=["due_at"])
        announce("qc.non_conformance.prolonged", actor=None, at=at, subject=row, changes=changes, non_conformance_id=row.pk)


def lift_when_decided(lot_id: int, *, at: datetime) -> None:
    """Lift the stop of a lot when each of its units that failed has its decision; until then nothing of it moves."""
    if lot_id in undecided_of_lots([lot_id]):
        return
    for stop in stops_of_lots([lot_id], at=at):
        lift_stop(stop_id=stop.pk, actor=None, at=at, reason=DECIDED)


def apply_default(*, non_conformance_id: int, at: datetime) -> Disposition | None:
    """Decide by rule what nobody decided in time: the units without a decision go back to the merchant.

    While somebody waits for an answer to his wish, the deadline decides nothing.
    """
    with transaction.atomic():
        row = lock(non_conformance_id)
        is_asked = row.dispositions.filter(state=DispositionState.REQUESTED).exists()
        if row.state != NonConformanceState.OPEN or row.due_at > at or not row.undecided or is_asked:
            return None
        made = Disposition.objects.create(
            merchant_id=row.merchant_id,
            warehouse_id=row.warehouse_id,
            non_conformance=row,
            lot=row.goods,
            kind=DEFAULT,
            quantity=row.undecided,
            reason=NOBODY_DECIDED,
            requested_at=at,
        )
        shown = ("non_conformance_id", "kind", "quantity", "state")
        _tell("qc.disposition.requested", made, first(made, *shown), None, at, NOBODY_DECIDED)
        return approve_row(made, row, actor=None, at=at, reason=NOBODY_DECIDED)


def apply_defaults(*, at: datetime) -> int:
    """Let the deadline decide wherever it has passed, and end the concessions whose last day is over; return how many."""
    asked = Disposition.objects.filter(non_conformance=OuterRef("pk"), state=DispositionState.REQUESTED)
    late = NonConformance.objects.undecided().filter(~Exists(asked), due_at__lte=at).order_by("due_at", "id")
    done = sum(apply_default(non_conformance_id=pk, at=at) is not None for pk in list(late.values_list("pk", flat=True)[:MOST]))
    return done + end_concessions(at=at)


def end_concessions(*, at: datetime) -> int:
    """End what may no longer be taken from (P5.4); return how many."""
    over = Disposition.objects.filter(state=DispositionState.APPROVED, ends_date__lt=at.astimezone(SHANGHAI).date())
    ids = list(over.order_by("ends_date", "id").values_list("pk", flat=True)[:MOST])
    for pk in ids:
        end(disposition_id=pk, actor=None, at=at, reason=LAST_DAY_OVER)
    return len(ids)


def _tell(kind: str, one: Disposition, changes: dict[str, list[object]], actor: User | None, at: datetime, reason: str) -> None:
    ids = {"disposition_id": one.pk, "non_conformance_id": one.non_conformance_id, "lot_id": one.lot_id}
    announce(kind, actor=actor, at=at, subject=one, changes=changes, reason=reason, **ids)
