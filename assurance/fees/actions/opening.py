"""Find or open the statement that something new belongs into."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import connection

from assurance.fees.lifecycle import StatementState
from assurance.fees.models import Statement
from assurance.fees.months import next_month

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Wish = tuple[int, date]
"""A merchant and a month."""

# Shared: those who charge do not wait for one another, only for whoever is closing the statement.
HOLD_OPEN: Final = """
SELECT s.merchant_id, s.month, s.id, s.state FROM assurance_statement s
  JOIN unnest(%s::bigint[], %s::date[]) AS t(merchant_id, month) ON (s.merchant_id, s.month) = (t.merchant_id, t.month)
 ORDER BY s.id FOR SHARE OF s
"""


def open_statements(wishes: Iterable[Wish], *, at: datetime) -> dict[Wish, int]:
    """Return the open statement of each merchant and month, or of the first later month that is not closed; new ones are written.

    They cannot be closed until the transaction ends. One that is closed in between is noticed when its lock is got, and the search
    begins again.
    """
    wanted = set(wishes)
    while True:
        found = _places(wanted, at=at)
        places = sorted(set(found.values()))
        with connection.cursor() as cursor:
            cursor.execute(HOLD_OPEN, [[merchant for merchant, _ in places], [month for _, month in places]])
            held = {(merchant, month): (number, state) for merchant, month, number, state in cursor.fetchall()}
        if all(held[place][1] == StatementState.DRAFT for place in places):
            return {wish: held[place][0] for wish, place in found.items()}


def _places(wanted: set[Wish], *, at: datetime) -> dict[Wish, Wish]:
    """Return for every wish the first month from its own on that is not closed; write what is not there yet."""
    merchants, first = {merchant for merchant, _ in wanted}, min(month for _, month in wanted)
    rows = Statement.objects.filter(merchant_id__in=merchants, month__gte=first).values_list("merchant_id", "month", "state")
    states = {(merchant, month): state for merchant, month, state in rows}
    found = {}
    for merchant, month in wanted:
        place = month
        while states.get((merchant, place)) == StatementState.FINAL:
            place = next_month(place)
        found[merchant, month] = merchant, place
    missing = sorted(set(found.values()) - states.keys())
    if missing:
        Statement.objects.bulk_create(
            [Statement(merchant_id=merchant, month=month, opened_at=at) for merchant, month in missing], ignore_conflicts=True
        )
    return found
