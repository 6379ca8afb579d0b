"""Close what had to be put right: by the next check of the repacked parcel, or with the parcel; open what nobody put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_noop

from assurance.sentences import keep
from qc.nonconformance.actions import Finding, close_found, let_deadline_decide, open_all, past_due
from qc.nonconformance.models import NonConformance
from qc.nonconformance.remedies import LEAST_TO_PACK_AGAIN, worst
from warehouse.orders.actions import Step, lock_parcels, unpack
from warehouse.orders.lifecycle import ParcelState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.checks.models import OutboundCheck
    from qc.checks.queries import Asked
    from qc.nonconformance.models import NonConformanceQuerySet

REPACKED: Final = gettext_noop("The parcel was unpacked and packed again.")
CANCELLED: Final = gettext_noop("The parcel was cancelled.")
NOT_REPACKED: Final = gettext_noop("Nobody packed it again in time.")
keep(REPACKED, CANCELLED, NOT_REPACKED)


def open_failed(
    checks: Sequence[OutboundCheck], asked: Mapping[int, Asked], photos: Mapping[int, Mapping[str, Sequence[int]]], *, actor: User
) -> None:
    """Open one non-conformance for each of these failed checks; what was asked and the photographs come by parcel (P5.1)."""
    open_all([_finding(check, asked[check.parcel_id], photos.get(check.parcel_id, {})) for check in checks], actor=actor)


def _finding(check: OutboundCheck, asked: Asked, photos: Mapping[str, Sequence[int]]) -> Finding:
    points = [told["point"] for told in check.because.get("points", ())]
    by_code = {point.code: point for point in asked.points}
    failing = [by_code[code] for code in points]
    return Finding(
        stage="outbound",
        source_id=check.pk,
        merchant_id=check.merchant_id,
        warehouse_id=check.warehouse_id,
        parcel_id=check.parcel_id,
        severity=worst([point.defect_class for point in failing]),
        defects=[{"code": p.code, "class": p.defect_class, "units": 1, "zh": p.zh, "en": p.en} for p in failing],
        because={"message": check.because["message"], "params": check.because["params"]},
        quantity=sum(item.quantity for item in asked.items) or 1,
        failing=1,
        photos=[pk for point in points for pk in photos.get(point, ())],
        at=check.checked_at,
        due_at=max(check.parcel.ship_by, check.checked_at + LEAST_TO_PACK_AGAIN),
    )


def close_repacked(checks: Sequence[OutboundCheck], *, actor: User, at: datetime) -> None:
    """Close what the parcels of these new checks had open. The caller holds the parcels' locks."""
    again = {check.parcel_id: check.checked_at for check in checks if check.attempt > 1}
    if again:
        close_found(of_parcels(again), REPACKED, actor=actor, at=at, moments=again)


def close_of_cancelled(*, parcel_id: int, at: datetime) -> None:
    """Close what a parcel had open that will not leave any more."""
    close_found(of_parcels([parcel_id]), CANCELLED, actor=None, at=at)


def apply_defaults(*, at: datetime) -> int:
    """Open the parcels that failed and that nobody put right in time: they must be packed and checked anew. Return how many."""
    late = [(row.pk, row.parcel_id or 0) for row in past_due("outbound", at=at)]
    return sum(_default(pk, parcel_id, at=at) for pk, parcel_id in late)


@transaction.atomic
def _default(non_conformance_id: int, parcel_id: int, *, at: datetime) -> bool:
    parcel = lock_parcels([parcel_id])[parcel_id]
    if not let_deadline_decide(non_conformance_id, at=at):
        return False
    if parcel.state == ParcelState.PACKED:
        unpack([Step(parcel_id)], reason=NOT_REPACKED, actor=None, at=at)
    return True


def of_parcels(parcel_ids: Sequence[int] | Mapping[int, object]) -> NonConformanceQuerySet:
    return NonConformance.objects.filter(stage="outbound", parcel_id__in=list(parcel_ids))
