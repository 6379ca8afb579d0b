"""Write down what was done for merchants and costs money, in the transaction that did it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.utils.translation import gettext_lazy as _

from assurance.fees.models import FeeKind
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class MeteredDifferently(Refused):
    code = "metered_differently"
    message = _("%(kind)s of this source was already metered with other numbers.")


@dataclass(frozen=True)
class Metered:
    """One thing done: of which kind, for whom, caused by which row (``warehouse.parcel``, 17), how much, and when it happened."""

    kind: str
    merchant_id: int
    source_kind: str
    source_id: int
    at: datetime
    quantity: int = 1
    measures: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, int]:
        return self.kind, self.source_kind, self.source_id


NEW: Final = """
INSERT INTO assurance_operation (kind, merchant_id, source_kind, source_id, quantity, measures, at, metered_at)
SELECT t.*, %s FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::bigint[], %s::int[], %s::jsonb[], %s::timestamptz[]) AS t
ON CONFLICT ON CONSTRAINT operation_once_per_kind_and_source DO NOTHING
RETURNING kind, source_kind, source_id
"""
KNOWN: Final = """
SELECT o.kind, o.source_kind, o.source_id, o.merchant_id, o.quantity, o.measures, o.at
  FROM assurance_operation o JOIN unnest(%s::text[], %s::text[], %s::bigint[]) AS t(kind, source_kind, source_id)
    ON (o.kind, o.source_kind, o.source_id) = (t.kind, t.source_kind, t.source_id)
"""


def meter(
    kind: str,
    *,
    merchant_id: int,
    source_kind: str,
    source_id: int,
    at: datetime,
    quantity: int = 1,
    measures: Mapping[str, int | str] | None = None,
) -> bool:
    """Meter one operation now; say whether it is new. See ``meter_all``."""
    return meter_all([Metered(kind, merchant_id, source_kind, source_id, at, quantity, measures or {})], at=at) == 1


def meter_all(operations: Sequence[Metered], *, at: datetime) -> int:
    """Write operations down, each once per kind and source, and return how many were new; a trigger queues them for their price.

    Must share the transaction of what it tells of, so that what was rolled back costs nothing. The same operation again changes
    nothing. One statement, two if something was known already.

    :raises MeteredDifferently: if the source was metered with other numbers; nothing is kept
    :raises ValueError: for an unknown kind, a quantity below one, or a measure that is neither whole number nor text
    """
    if not connection.in_atomic_block:
        raise RuntimeError("meter_all() must share the transaction of what it tells of")
    wanted = _once(operations)
    if not wanted:
        return 0
    rows = list(wanted.values())
    with connection.cursor() as cursor:
        cursor.execute(NEW, [at, *_columns(rows)])
        new = set(cursor.fetchall())
        known = [one for one in rows if one.key not in new]
        if known:
            cursor.execute(KNOWN, [[one.kind for one in known], [one.source_kind for one in known], [one.source_id for one in known]])
            for kind, source_kind, source_id, merchant_id, quantity, measures, done_at in cursor.fetchall():
                told = json.loads(measures) if isinstance(measures, str) else measures
                _refuse_other(
                    wanted[kind, source_kind, source_id], Metered(kind, merchant_id, source_kind, source_id, done_at, quantity, told)
                )
    return len(new)


def _once(operations: Sequence[Metered]) -> dict[tuple[str, str, int], Metered]:
    """Return the operations by their keys; one told twice is one."""
    wanted: dict[tuple[str, str, int], Metered] = {}
    for one in operations:
        if one.kind not in FeeKind.values or one.quantity < 1 or not one.source_kind:
            raise ValueError(f"{one} cannot be metered")
        if any(isinstance(told, bool) or not isinstance(told, int | str) for told in one.measures.values()):
            raise ValueError(f"measures are whole numbers or text: {one.measures}")
        _refuse_other(one, wanted.setdefault(one.key, one))
    return wanted


def _refuse_other(one: Metered, known: Metered) -> None:
    if one != known:
        raise MeteredDifferently(kind=FeeKind(one.kind).label)


def _columns(rows: Sequence[Metered]) -> list[list[Any]]:
    return [
        [row.kind for row in rows],
        [row.merchant_id for row in rows],
        [row.source_kind for row in rows],
        [row.source_id for row in rows],
        [row.quantity for row in rows],
        [json.dumps(dict(row.measures), ensure_ascii=False) for row in rows],
        [row.at for row in rows],
    ]
