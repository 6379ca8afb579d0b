"""Close what was put right elsewhere: a parcel packed again or cancelled, a returned unit decided on; let deadlines decide on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assurance.database import update_each
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change
from qc.nonconformance.lifecycle import NonConformanceState
from qc.nonconformance.models import NonConformance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.nonconformance.models import NonConformanceQuerySet

MOST: Final = 500
"""Deadlines a call; the rest comes with the next."""


def close_found(
    found: NonConformanceQuerySet, remedy: str, *, actor: User | None, at: datetime, moments: Mapping[int, datetime] | None = None
) -> None:
    """Close the open ones among these; ``moments`` are by parcel. The caller holds the locks of what they are about."""
    rows = list(found.open())
    if not rows:
        return
    for row in rows:
        row.state, row.closed_at, row.closed_by, row.remedy = (
            NonConformanceState.CLOSED,
            (moments or {}).get(row.parcel_id or 0, at),
            actor,
            remedy,
        )
    update_each(rows, ["state", "closed_at", "closed_by", "remedy"])
    changes: dict[str, list[object]] = {"state": ["open", "closed"], "remedy": ["", remedy]}
    ids = [{"non_conformance_id": row.pk} | ({"parcel_id": row.parcel_id} if row.parcel_id else {}) for row in rows]
    announce_each(
        [News("qc.non_conformance.closed", row, changes, row.closed_at or at, actor, of) for row, of in zip(rows, ids, strict=True)]
    )


def past_due(stage: str, *, at: datetime) -> list[NonConformance]:
    """Return the parcels or returned units whose deadline is over and on which it has not decided yet, the oldest first."""
    late = NonConformance.objects.open().filter(stage=stage, due_at__lte=at, defaulted_at=None)
    return list(late.order_by("due_at", "id")[:MOST])


def let_deadline_decide(non_conformance_id: int, *, at: datetime) -> bool:
    """Write down that the deadline decides from now on, unless it is put right by now. The caller holds the lock of what it is about."""
    row = NonConformance.objects.select_for_update(of=("self",)).get(pk=non_conformance_id)
    if row.state != NonConformanceState.OPEN or row.defaulted_at or row.due_at > at:
        return False
    changes = change(row, defaulted_at=at)
    row.save(update_fields=["defaulted_at"])
    announce("qc.non_conformance.defaulted", actor=None, at=at, subject=row, changes=changes, non_conformance_id=row.pk)
    return True
