"""Close what had to be put right: by the next check of the repacked parcel, or with the parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_noop

from assurance.sentences import keep
from qc.nonconformance.actions import Finding, close_found, open_all
from qc.nonconformance.models import NonConformance
from qc.nonconformance.remedies import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.checks.models import OutboundCheck
    from qc.nonconformance.models import NonConformanceQuerySet

REPACKED: Final = gettext_noop("The parcel was unpacked and packed again.")
CANCELLED: Final = gettext_noop("The parcel was cancelled.")
keep(REPACKED, CANCELLED)


def open_failed(
    checks: Sequence[OutboundCheck], units: Mapping[int, int], photos: Mapping[int, Mapping[str, Sequence[int]]], *, actor: User
) -> None:
    """Open one non-conformance for each of these failed checks; ``units`` by parcel, ``photos`` by parcel and point (P5.1)."""
    open_all([_finding(check, units.get(check.parcel_id, 1), photos.get(check.parcel_id, {})) for check in checks], actor=actor)


def _finding(check: OutboundCheck, units: int, photos: Mapping[str, Sequence[int]]) -> Finding:
    points = [told["point"] for told in check.because.get("points", ())]
    return Finding(
        stage="outbound",
        source_id=check.pk,
        merchant_id=check.merchant_id,
        warehouse_id=check.warehouse_id,
        parcel_id=check.parcel_id,
        severity=Severity.MAJOR,
        defects=[{"code": point, "class": "major", "units": 1} for point in points],
        because={"message": check.because["message"], "params": check.because["params"]},
        quantity=units,
        failing=1,
        photos=[pk for point in points for pk in photos.get(point, ())],
        at=check.checked_at,
        due_at=max(check.parcel.ship_by, check.checked_at),
    )


def close_repacked(checks: Sequence[OutboundCheck], *, actor: User, at: datetime) -> None:
    """Close what the parcels of these new checks had open. The caller holds the parcels' locks."""
    again = {check.parcel_id: check.checked_at for check in checks if check.attempt > 1}
    if again:
        close_found(of_parcels(again), REPACKED, actor=actor, at=at, moments=again)


def close_of_cancelled(*, parcel_id: int, at: datetime) -> None:
    """Close what a parcel had open that will not leave any more."""
    close_found(of_parcels([parcel_id]), CANCELLED, actor=None, at=at)


def of_parcels(parcel_ids: Sequence[int] | Mapping[int, object]) -> NonConformanceQuerySet:
    return NonConformance.objects.filter(stage="outbound", parcel_id__in=list(parcel_ids))
