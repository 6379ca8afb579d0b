"""Fee runs: rate everything that waits, close a month for everybody, both with a progress bar."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.fees.actions.charging import rate_due
from assurance.fees.actions.closing import OperationsWaiting, finalise, waiting_of
from assurance.fees.lifecycle import StatementState
from assurance.fees.models import RatingDue, Statement
from assurance.fees.months import month_of
from assurance.refusals import Refused
from assurance.runs.actions import start_run
from assurance.runs.kinds import Batch
from assurance.sheets.delimited import lines

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.runs.models import Run

FEE_RUN: Final = "fee_run"
MONTH_CLOSE: Final = "month_close"
OPERATIONS_AT_ONCE: Final = 2000
MERCHANTS_AT_ONCE: Final = 100


class NothingToClose(Refused):
    code = "nothing_to_close"
    message = _("No statement of this month is open, or the month is not over yet.")


def start_fee_run(*, actor: User, at: datetime) -> Run:
    """Rate everything that waits, also what could not be priced before."""
    return start_run(FEE_RUN, actor=actor, at=at, total=RatingDue.objects.count())


@transaction.atomic
def start_closing(*, month: date, actor: User, at: datetime) -> Run:
    """Close a month for every merchant; who has something without a price is passed over and named in the result.

    :raises NothingToClose: if the month is not over, or nothing of it is open
    """
    total = Statement.objects.filter(month=month, state=StatementState.DRAFT).count()
    if not total or month >= month_of(at):
        raise NothingToClose
    return start_run(MONTH_CLOSE, actor=actor, at=at, total=total, month=month.isoformat())


def rate_some(run: Run, *, at: datetime) -> Batch:
    """Do one batch of a fee run; what still has no price is counted as an error and named in the result.

    What was tried in this run is not tried again. More may be metered meanwhile; the run ends when as many were rated as waited in the
    beginning, the rest is the schedule's.
    """
    room = (run.total or 0) - run.done
    found = rate_due(OPERATIONS_AT_ONCE, at=at, tried_before=run.created_at)
    tried = found.rated + found.unrated
    is_last = tried < OPERATIONS_AT_ONCE or tried >= room
    stuck = list(RatingDue.objects.stuck().order_by("pk").values_list("pk", "because")) if is_last else []
    text = lines([("operation", "reason"), *stuck]) if stuck else ""
    return Batch(done=min(room, tried), errors=found.unrated, text=text, is_last=is_last)


def close_some(run: Run, *, at: datetime) -> Batch:
    """Close the next statements of a month. Those passed over stay open, so as many as there were errors are skipped."""
    month, size = date.fromisoformat(run.given["month"]), min(MERCHANTS_AT_ONCE, (run.total or 0) - run.done)
    found = Statement.objects.filter(month=month, state=StatementState.DRAFT).select_related("merchant").order_by("pk")
    statements = list(found[run.errors : run.errors + size])
    passed = waiting_of(statements)
    closed = {
        one.pk: one.total for one in finalise([one for one in statements if one.merchant_id not in passed], actor=run.started_by, at=at)
    }
    rows = [
        (one.code, one.merchant.code, f"{month:%Y-%m}", closed.get(one.pk), "" if one.pk in closed else OperationsWaiting.code)
        for one in statements
    ]
    head = [] if run.done else [("statement", "merchant", "month", "total", "refused")]
    return Batch(
        done=len(rows),
        errors=len(rows) - len(closed),
        text=lines([*head, *rows]) if rows else "",
        is_last=len(rows) < size or run.done + len(rows) >= (run.total or 0),
    )
