"""Close what had to be put right: by the next check of the repacked parcel, or with the parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_noop

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.sentences import keep
from qc.checks.lifecycle import NonConformanceState
from qc.checks.models import NonConformance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.checks.models import OutboundCheck

REPACKED: Final = gettext_noop("The parcel was unpacked and packed again.")
CANCELLED: Final = gettext_noop("The parcel was cancelled.")
keep(REPACKED, CANCELLED)


def close_repacked(checks: Sequence[OutboundCheck], *, actor: User, at: datetime) -> None:
    """Close what the parcels of these new checks had open. The caller holds the parcels' locks."""
    again = {check.parcel_id: check.checked_at for check in checks if check.attempt > 1}
    if again:
        rows = NonConformance.objects.open().filter(parcel_id__in=again)
        _close(rows, again, REPACKED, actor=actor, at=at)


def close_of_cancelled(*, parcel_id: int, at: datetime) -> None:
    """Close what a parcel had open that will not leave any more."""
    _close(NonConformance.objects.open().filter(parcel_id=parcel_id), {}, CANCELLED, actor=None, at=at)


def _close(found: Iterable[NonConformance], moments: dict[int, datetime], remedy: str, *, actor: User | None, at: datetime) -> None:
    rows = list(found)
    for row in rows:
        row.state, row.closed_at, row.closed_by, row.remedy = (
            NonConformanceState.CLOSED,
            moments.get(row.parcel_id, at),
            actor,
            remedy,
        )
    update_each(rows, ["state", "closed_at", "closed_by", "remedy"])
    changes: dict[str, list[object]] = {"state": ["open", "closed"], "remedy": ["", remedy]}
    ids = [{"non_conformance_id": row.pk, "parcel_id": row.parcel_id} for row in rows]
    announce_each(
        [News("qc.non_conformance.closed", row, changes, row.closed_at or at, actor, of) for row, of in zip(rows, ids, strict=True)]
    )
