"""Close what was put right elsewhere: a parcel packed again or cancelled, a returned unit decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from qc.nonconformance.lifecycle import NonConformanceState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.nonconformance.models import NonConformanceQuerySet


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
