"""Close months: a draft becomes final once its month is over and everything in it has its price; then it never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import announce_all
from assurance.events.changes import change
from assurance.fees.canonical import body, digest
from assurance.fees.lifecycle import StatementState
from assurance.fees.models import Operation, Statement
from assurance.fees.months import end_of
from assurance.fees.queries import canonical_rows
from assurance.money import NOTHING
from assurance.refusals import Refused, WrongState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import Model

    from assurance.accounts.models import User
    from assurance.events.changes import Changes


class MonthNotOver(Refused):
    code = "month_not_over"
    message = _("%(month)s is not over yet. Its statement can be closed from the first of the next month.")


class OperationsWaiting(Refused):
    code = "operations_waiting"
    message = _("%(merchant)s: operations of that time without a price: %(count)s. Start a fee run, or add the missing rate.")


# One row a statement, whatever the number of its lines.
FREEZE: Final = """
UPDATE assurance_statement s
   SET state = 'final', total = t.total, line_count = t.lines, digest = t.digest, finalised_at = %s, finalised_by_id = %s
  FROM unnest(%s::bigint[], %s::numeric[], %s::int[], %s::text[]) AS t(id, total, lines, digest) WHERE s.id = t.id
"""


@transaction.atomic
def finalise(statements: Sequence[Statement], *, actor: User, at: datetime) -> list[Statement]:
    """Close statements; all or none. The database compares each total with its lines and postings at commit.

    :raises WrongState: if one is final already
    :raises MonthNotOver: if a month has not ended by Shanghai's clock
    :raises OperationsWaiting: if something of that time has no price yet
    """
    locked = list(
        Statement.objects.select_for_update(of=("self",))
        .select_related("merchant")
        .filter(pk__in=[one.pk for one in statements])
        .order_by("pk")
    )
    for statement in locked:
        if statement.state != StatementState.DRAFT:
            raise WrongState(state=statement.get_state_display())
        if end_of(statement.month) > at:
            raise MonthNotOver(month=date_format(statement.month, "Y-m"))
    _refuse_waiting(locked)
    news: list[tuple[str, Model, Changes, dict[str, int]]] = []
    for statement, rows in canonical_rows(locked):
        total = sum((row.signed for row in rows), NOTHING)
        lines = sum(row.word == "line" for row in rows)
        text = body(statement.merchant.code, statement.month, total, rows)
        found = {"total": total, "line_count": lines, "digest": digest(text), "finalised_at": at, "finalised_by_id": actor.pk}
        changes = change(statement, state=StatementState.FINAL, **found)
        news.append(("fees.statement.finalised", statement, changes, {"statement_id": statement.pk}))
    with connection.cursor() as cursor:
        columns = [[getattr(one, name) for one in locked] for name in ("pk", "total", "line_count", "digest")]
        cursor.execute(FREEZE, [at, actor.pk, *columns])
    announce_all(news, actor=actor, at=at)
    return locked


def waiting_of(statements: Iterable[Statement]) -> dict[int, int]:
    """Return how many operations of before the end of their months wait for a price, by merchant; who has none is not in it."""
    ends: dict[int, datetime] = {}
    for one in statements:
        ends[one.merchant_id] = max(end_of(one.month), ends.get(one.merchant_id, end_of(one.month)))
    waiting: dict[int, int] = {}
    for merchant_id, done_at in Operation.objects.filter(due__merchant_id__in=ends).values_list("merchant_id", "at"):
        if done_at < ends[merchant_id]:
            waiting[merchant_id] = waiting.get(merchant_id, 0) + 1
    return waiting


def _refuse_waiting(statements: Sequence[Statement]) -> None:
    waiting = waiting_of(statements)
    for one in statements:
        if one.merchant_id in waiting:
            raise OperationsWaiting(merchant=one.merchant.name, count=waiting[one.merchant_id])
