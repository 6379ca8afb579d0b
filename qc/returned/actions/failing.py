"""Write down returned units that nobody can sell as they are, close that with their decision, let the deadline decide else (P5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_noop

from assurance.sentences import keep
from qc.nonconformance.actions import Finding, close_found, let_deadline_decide, open_all, past_due
from qc.nonconformance.models import NonConformance
from qc.nonconformance.remedies import due, worst
from qc.returned.grading import FAILED
from qc.returned.models import ReturnInspection
from warehouse.returns.actions import lock_units
from warehouse.returns.grades import Disposition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.returned.actions.inspecting import Found
    from qc.returned.models import ReturnDisposition

SENT_BACK: Final = gettext_noop("The unit was sent back to the merchant.")
DESTROYED: Final = gettext_noop("The unit was destroyed before a witness.")
REMEDIES: Final[Mapping[str, str]] = {Disposition.RETURN: SENT_BACK, Disposition.DESTROY: DESTROYED}
"""What closes it; a unit that is put aside still waits."""
keep(SENT_BACK, DESTROYED)


def open_failed(pairs: Sequence[tuple[ReturnInspection, Found]], *, actor: User) -> None:
    """Open exactly one non-conformance for each of these inspections that graded its unit C or D; the caller's transaction is theirs."""
    open_all([_finding(row, one) for row, one in pairs if one.graded.grade in FAILED], actor=actor)


def _finding(row: ReturnInspection, one: Found) -> Finding:
    points = {point.code: point for point in one.asked.points}
    failing = [points[reading.code] for reading in one.result.failing]
    severity = worst([point.defect_class for point in failing])
    return Finding(
        stage="return",
        source_id=row.pk,
        merchant_id=row.merchant_id,
        warehouse_id=row.warehouse_id,
        product_id=one.unit.product_id,
        lot_id=one.unit.lot_id,
        parcel_id=one.unit.parcel_id,
        severity=severity,
        defects=[{"code": p.code, "class": p.defect_class, "units": 1, "zh": p.zh, "en": p.en} for p in failing],
        because={"message": one.graded.message, "params": one.graded.params},
        quantity=1,
        failing=1,
        photos=[pk for point in failing for pk in one.entry.photos.get(point.code, ())],
        at=one.at,
        due_at=due(one.at, severity),
    )


def apply_defaults(*, at: datetime) -> int:
    """Let the deadline decide on units that nobody decided on in time: they go back. Return how many."""
    late = {row.source_id: row.pk for row in past_due("return", at=at)}
    units = ReturnInspection.objects.filter(pk__in=late).order_by("pk").values_list("pk", "unit_id")
    return sum(_default(unit_id, late[pk], at=at) for pk, unit_id in list(units))


@transaction.atomic
def _default(unit_id: int, non_conformance_id: int, *, at: datetime) -> bool:
    lock_units([unit_id])
    return let_deadline_decide(non_conformance_id, at=at)


def close_settled(rows: Sequence[ReturnDisposition], *, actor: User | None, at: datetime) -> None:
    """Close what these decisions settle. The caller holds the units' locks."""
    for disposition, remedy in REMEDIES.items():
        settled = [row.inspection_id for row in rows if row.disposition == disposition]
        if settled:
            close_found(NonConformance.objects.filter(stage="return", source_id__in=settled), remedy, actor=actor, at=at)
