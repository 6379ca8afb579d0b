"""Ask for what should become of units on hold, and take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import OwnWork, Refused, WrongState
from qc.nonconformance.actions.deciding import approve_row
from qc.nonconformance.actions.guarding import NotALot, TooManyUnits, check_here, lock, lock_disposition, said
from qc.nonconformance.lifecycle import DispositionState, NonConformanceState
from qc.nonconformance.models import Disposition, NonConformance
from qc.nonconformance.remedies import Kind, offered

if TYPE_CHECKING:
    from datetime import date, datetime

    from assurance.accounts.models import User

LONGEST: Final = timedelta(days=180)
"""A concession is for a while: what lasts longer is a new one."""


class NotOffered(Refused):
    code = "not_offered"
    message = _("Units with a critical defect are neither used as they are nor downgraded.")


class NoUnits(Refused):
    code = "no_units"
    status = 422
    message = _("At least one unit.")


class EndMissing(Refused):
    code = "end_missing"
    status = 422
    message = _("A concession needs its last day: from tomorrow on, at most %(days)s days away.")


class EndNotAsked(Refused):
    code = "end_not_asked"
    status = 422
    message = _("Only a concession has a last day.")


@transaction.atomic
def request_disposition(
    *, non_conformance_id: int, kind: str, quantity: int, reason: str, actor: User, at: datetime, ends_date: date | None = None
) -> Disposition:
    """Ask for a decision on some units of a lot on hold; the merchant's wish waits for the lead of quality control.

    What the lead himself decides stands at once, except a concession: somebody else must approve it (P5.4).

    :raises NotALot, WrongState: if there is nothing to decide
    :raises NotOffered: if these defects do not allow it
    :raises TooManyUnits, NoUnits, EndMissing, EndNotAsked, ReasonMissing: if it cannot be meant
    """
    reason = said(reason)
    if not NonConformance.objects.filter(pk=non_conformance_id, stage="inbound").exists():
        raise NotALot
    row = lock(non_conformance_id)
    _check(row, kind, quantity, actor)
    _check_end(kind, ends_date, day=at.astimezone(SHANGHAI).date())
    made = Disposition.objects.create(
        merchant_id=row.merchant_id,
        warehouse_id=row.warehouse_id,
        non_conformance=row,
        lot=row.goods,
        kind=kind,
        quantity=quantity,
        ends_date=ends_date,
        reason=reason,
        requested_by=actor,
        requested_at=at,
    )
    shown = ("non_conformance_id", "kind", "quantity", "ends_date", "state")
    announce("qc.disposition.requested", actor=actor, at=at, subject=made, changes=first(made, *shown), reason=reason, **_ids(made))
    if actor.organisation_id == row.warehouse_id and kind != Kind.USE_AS_IS:
        approve_row(made, row, actor=actor, at=at)
    return made


def _check(row: NonConformance, kind: str, quantity: int, actor: User) -> None:
    if actor.organisation_id != row.merchant_id:
        check_here(row, actor)
    if row.state != NonConformanceState.OPEN:
        raise WrongState(state=row.get_state_display())
    if kind not in offered(row.severity):
        raise NotOffered(field="kind")
    if quantity < 1:
        raise NoUnits(field="quantity")
    if quantity > row.undecided:
        raise TooManyUnits(field="quantity", left=row.undecided, asked=quantity)


def _check_end(kind: str, ends_date: date | None, *, day: date) -> None:
    if kind != Kind.USE_AS_IS:
        if ends_date is not None:
            raise EndNotAsked(field="ends_date")
    elif ends_date is None or not day < ends_date <= day + LONGEST:
        raise EndMissing(field="ends_date", days=LONGEST.days)


@transaction.atomic
def withdraw(*, disposition_id: int, actor: User, at: datetime) -> Disposition:
    """Take a wish back that nobody has decided on.

    :raises OwnWork: if somebody of another side asked for it
    :raises WrongState: if it is decided
    """
    found, _row = lock_disposition(disposition_id)
    if found.requested_by is None or found.requested_by.organisation_id != actor.organisation_id:
        raise OwnWork
    if found.state != DispositionState.REQUESTED:
        raise WrongState(state=found.get_state_display())
    changes = change(found, state=DispositionState.WITHDRAWN, finished_at=at)
    found.save(update_fields=["state", "finished_at"])
    announce("qc.disposition.withdrawn", actor=actor, at=at, subject=found, changes=changes, **_ids(found))
    return found


def _ids(one: Disposition) -> dict[str, Any]:
    return {"disposition_id": one.pk, "non_conformance_id": one.non_conformance_id, "lot_id": one.lot_id}
