"""A merchant disputes lines; somebody else answers; what is accepted is given back in the next open month."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import CalendarEnds, china, weekdays_after
from assurance.events.actions import announce_all
from assurance.events.changes import change, first
from assurance.fees.actions.opening import open_statements
from assurance.fees.lifecycle import DISPUTE_NEXT, DisputeState
from assurance.fees.models import CreditNote, Dispute, FeeLine
from assurance.fees.months import month_of, next_month
from assurance.refusals import OwnWork, Refused, WrongState
from assurance.web.database import explain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from django.db.models import Model

    from assurance.accounts.models import User
    from assurance.events.changes import Changes

ANSWER_DAYS: Final = 5
"""Working days in which the platform answers."""


class AlreadyDisputed(Refused):
    code = "already_disputed"
    message = _("This line is disputed already, or was given back.")


class NothingCharged(Refused):
    code = "nothing_charged"
    message = _("This line costs nothing; there is nothing to give back.")


class MoreThanCharged(Refused):
    code = "more_than_charged"
    status = 422
    message = _("At most %(most)s yuan can be given back: that is what the line charged.")


explain("dispute_open_once_per_line", code=AlreadyDisputed.code, message=AlreadyDisputed.message)
explain("creditnote_within_its_line", code=MoreThanCharged.code, message=_("More would be given back than was charged."), status=422)

BOOK_BACK: Final = """
INSERT INTO assurance_posting (merchant_id, statement_id, kind, account, amount, currency, line_id, credit_note_id, at)
SELECT c.merchant_id, c.statement_id, l.kind, leg.account, leg.sign * c.amount, 'CNY', NULL, c.id, c.issued_at
  FROM assurance_creditnote c JOIN assurance_feeline l ON l.id = c.line_id,
       (VALUES ('receivable', -1), ('revenue', 1)) AS leg(account, sign)
 WHERE c.id = ANY(%s)
"""


@transaction.atomic
def dispute(lines: Sequence[FeeLine], *, reason: str, actor: User, at: datetime) -> list[Dispute]:
    """Say that lines of the actor's organisation are wrong, and why; the platform answers within five working days.

    :raises AlreadyDisputed: if one waits for an answer already, or was given back
    :raises NothingCharged: if one costs nothing
    """
    wanted = [line.pk for line in lines]
    locked = list(FeeLine.objects.filter(pk__in=wanted, merchant_id=actor.organisation_id).order_by("pk"))
    taken = set(Dispute.objects.filter(line__in=wanted).exclude(state=DisputeState.REJECTED).values_list("line_id", flat=True))
    for place, line in enumerate(locked):
        if line.pk in taken:
            raise AlreadyDisputed(field=f"lines.{place}" if len(locked) > 1 else None)
        if not line.amount:
            raise NothingCharged(field=f"lines.{place}" if len(locked) > 1 else None)
    due_at = answer_by(at)
    made = Dispute.objects.bulk_create(
        Dispute(line=line, merchant_id=line.merchant_id, reason=reason, opened_by=actor, opened_at=at, due_at=due_at) for line in locked
    )
    news: list[tuple[str, Model, Changes, dict[str, int]]] = [
        ("fees.dispute.opened", one, first(one, "line_id", "state", "due_at"), {"dispute_id": one.pk}) for one in made
    ]
    announce_all(news, actor=actor, at=at, reason=reason)
    return made


@transaction.atomic
def decide(
    disputes: Sequence[Dispute], *, accept: bool, answer: str, actor: User, at: datetime, amount: Decimal | None = None
) -> list[Dispute]:
    """Accept or reject disputes with an answer. What is accepted gives ``amount`` back, or the whole line.

    The credit note stands in the merchant's statement of this month, or the first later one that is open, and never in the line's own.

    :raises WrongState: if one is decided already
    :raises OwnWork: if the actor, or somebody of his organisation, opened one
    :raises MoreThanCharged: if more would be given back than was charged
    """
    locked = list(
        Dispute.objects.select_for_update(of=("self",))
        .select_related("line__statement", "opened_by")
        .filter(pk__in=[one.pk for one in disputes])
        .order_by("pk")
    )
    to = DisputeState.ACCEPTED if accept else DisputeState.REJECTED
    news: list[tuple[str, Model, Changes, dict[str, int]]] = []
    for one in locked:
        if to not in DISPUTE_NEXT[DisputeState(one.state)]:
            raise WrongState(state=one.get_state_display())
        if actor.organisation_id == one.opened_by.organisation_id:
            raise OwnWork
        changes = change(one, state=to, answer=answer, decided_by_id=actor.pk, decided_at=at)
        news.append(("fees.dispute.decided", one, changes, {"dispute_id": one.pk}))
    Dispute.objects.bulk_update(locked, ["state", "answer", "decided_by", "decided_at"])
    if accept:
        news += _give_back(locked, answer, amount, actor=actor, at=at)
    announce_all(news, actor=actor, at=at, reason=answer)
    return locked


def answer_by(at: datetime) -> datetime:
    """Return by when a dispute of that moment must be answered."""
    try:
        return china().moment_after(at, ANSWER_DAYS)
    except CalendarEnds:
        return weekdays_after(at, ANSWER_DAYS)


def _give_back(
    disputes: Sequence[Dispute], reason: str, amount: Decimal | None, *, actor: User, at: datetime
) -> list[tuple[str, Model, Changes, dict[str, int]]]:
    """Write the credit notes and their legs."""
    months = [(one.merchant_id, _month_after(one, at)) for one in disputes]
    statements = open_statements(months, at=at)
    notes = []
    for one, month in zip(disputes, months, strict=True):
        given = one.line.amount if amount is None else amount
        if given > one.line.amount:
            raise MoreThanCharged(field="amount", most=f"{one.line.amount:,.2f}")
        notes.append(
            CreditNote(
                line_id=one.line_id,
                merchant_id=one.merchant_id,
                dispute=one,
                statement_id=statements[month],
                amount=given,
                reason=reason,
                issued_by=actor,
                issued_at=at,
            )
        )
    made = CreditNote.objects.bulk_create(notes)
    with connection.cursor() as cursor:
        cursor.execute(BOOK_BACK, [[note.pk for note in made]])
    return [
        ("fees.creditnote.issued", note, first(note, "line_id", "amount", "statement_id"), {"credit_note_id": note.pk}) for note in made
    ]


def _month_after(one: Dispute, at: datetime) -> date:
    """Return the month that a credit note belongs to: now's, and later than the line's."""
    return max(month_of(at), next_month(one.line.statement.month))
