"""Give every metered operation its price: lines and their postings, in sets, each operation once whatever dies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction

from assurance.fees.actions.opening import open_statements
from assurance.fees.months import day_of, month_of
from assurance.fees.queries import Cards
from assurance.fees.rating import Charge, Unratable, charge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

BATCH: Final = 2000
# The queue's rows are locked, not the operations: whoever comes second finds other rows or none.
TAKE: Final = """
SELECT o.id, o.merchant_id, o.kind, o.quantity, o.measures, o.at
  FROM (SELECT d.operation_id FROM assurance_ratingdue d WHERE d.because = '' OR d.tried_at < %(before)s
         ORDER BY d.operation_id LIMIT %(most)s FOR UPDATE SKIP LOCKED) AS due
  JOIN assurance_operation o ON o.id = due.operation_id
 ORDER BY o.id
"""
WRITE_LINES: Final = """
INSERT INTO assurance_feeline (operation_id, merchant_id, kind, statement_id, rate_id, amount, formula, at, rated_at)
SELECT t.*, %s FROM unnest(
    %s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::numeric[], %s::text[], %s::timestamptz[]) AS t
RETURNING id
"""
WRITE_LEGS: Final = """
INSERT INTO assurance_posting (merchant_id, statement_id, kind, account, amount, currency, line_id, credit_note_id, at)
SELECT l.merchant_id, l.statement_id, l.kind, leg.account, leg.sign * l.amount, 'CNY', l.id, NULL, l.at
  FROM assurance_feeline l, (VALUES ('receivable', 1), ('revenue', -1)) AS leg(account, sign)
 WHERE l.id = ANY(%s) AND l.amount <> 0
"""
LEAVE: Final = "DELETE FROM assurance_ratingdue WHERE operation_id = ANY(%s)"
STAY: Final = """
UPDATE assurance_ratingdue d SET because = t.because, tried_at = %s
  FROM unnest(%s::bigint[], %s::text[]) AS t(operation_id, because) WHERE d.operation_id = t.operation_id
"""


@dataclass(frozen=True)
class Rated:
    """How many operations got their line, and how many have no price yet and wait on."""

    rated: int
    unrated: int


@dataclass(frozen=True)
class Due:
    """An operation that waits for its price."""

    operation_id: int
    merchant_id: int
    kind: str
    quantity: int
    measures: dict[str, Any]
    at: datetime


@transaction.atomic
def rate_due(limit: int = BATCH, *, at: datetime, tried_before: datetime | None = None) -> Rated:
    """Rate what waits, the oldest first; also what could not be priced before the moment ``tried_before``.

    The price is the one of the operation's own day; the line goes into the statement of its month, or into the next one if that is
    final. A constant number of statements per call. Two callers share the work: neither waits for the other.
    """
    due = _take(limit, tried_before)
    if not due:
        return Rated(0, 0)
    charged, stuck = _price(due)
    if charged:
        _write(charged, at=at)
    if stuck:
        with connection.cursor() as cursor:
            cursor.execute(STAY, [at, [one.operation_id for one, _ in stuck], [because for _, because in stuck]])
    return Rated(len(charged), len(stuck))


def _take(most: int, tried_before: datetime | None) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"before": tried_before, "most": most})
        rows: list[tuple[int, int, str, int, Any, datetime]] = cursor.fetchall()
    return [Due(number, merchant, kind, quantity, _read(measures), at) for number, merchant, kind, quantity, measures, at in rows]


def _read(measures: Any) -> dict[str, Any]:
    """Return measures that the driver may have left as text."""
    told: dict[str, Any] = json.loads(measures) if isinstance(measures, str) else measures
    return told


def _price(due: Iterable[Due]) -> tuple[list[tuple[Due, Charge]], list[tuple[Due, str]]]:
    """Work out every price; what cannot be priced says why."""
    cards = Cards()
    charged, stuck = [], []
    for one in due:
        try:
            price = cards.price(one.kind, day_of(one.at))
            charged.append((one, charge(price, quantity=one.quantity, measures=one.measures)))
        except Unratable as refused:
            stuck.append((one, refused.because[:80]))
    return charged, stuck


def _write(charged: Sequence[tuple[Due, Charge]], *, at: datetime) -> None:
    """Write the lines, their legs, and take the operations out of the queue."""
    months: list[tuple[int, date]] = [(one.merchant_id, month_of(one.at)) for one, _ in charged]
    statements = open_statements(months, at=at)
    columns: list[list[Any]] = [
        [one.operation_id for one, _ in charged],
        [one.merchant_id for one, _ in charged],
        [one.kind for one, _ in charged],
        [statements[month] for month in months],
        [price.price.rate_id for _, price in charged],
        [price.amount for _, price in charged],
        [price.formula for _, price in charged],
        [one.at for one, _ in charged],
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_LINES, [at, *columns])
        cursor.execute(WRITE_LEGS, [[row[0] for row in cursor.fetchall()]])
        cursor.execute(LEAVE, [columns[0]])
