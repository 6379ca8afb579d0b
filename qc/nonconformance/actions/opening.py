"""Write down what failed, in the transaction of the verdict that says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from qc.nonconformance.models import NonConformance, NonConformancePhoto
from qc.nonconformance.remedies import due

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User


@dataclass(frozen=True)
class Finding:
    """What one failed inspection found. ``defects`` are code, class and units; ``photos`` are files of the warehouse.

    ``waits_for`` says who must act: the merchant chooses for a lot, the warehouse repacks a parcel.
    """

    stage: str
    source_id: int
    merchant_id: int
    warehouse_id: int
    severity: str
    quantity: int
    because: Mapping[str, Any]
    at: datetime
    defects: Sequence[Mapping[str, Any]] = ()
    failing: int = 0
    product_id: int | None = None
    lot_id: int | None = None
    parcel_id: int | None = None
    photos: Sequence[int] = field(default_factory=tuple)
    due_at: datetime | None = None

    @property
    def owner_id(self) -> int:
        return self.merchant_id if self.stage == "inbound" else self.warehouse_id


def open_all(findings: Sequence[Finding], *, actor: User) -> list[NonConformance]:
    """Open exactly one non-conformance for each of these failed inspections (P5.1); three statements for any number.

    The caller's transaction is that of the verdict.
    """
    if not findings:
        return []
    rows = NonConformance.objects.bulk_create(
        NonConformance(
            merchant_id=one.merchant_id,
            warehouse_id=one.warehouse_id,
            stage=one.stage,
            source_id=one.source_id,
            product_id=one.product_id,
            lot_id=one.lot_id,
            parcel_id=one.parcel_id,
            severity=one.severity,
            defects=[dict(defect) for defect in one.defects],
            because=dict(one.because),
            quantity=one.quantity,
            failing=one.failing,
            owner_id=one.owner_id,
            due_at=one.due_at or due(one.at, one.severity),
            opened_at=one.at,
        )
        for one in findings
    )
    NonConformancePhoto.objects.bulk_create(
        NonConformancePhoto(merchant_id=row.merchant_id, warehouse_id=row.warehouse_id, non_conformance=row, file_id=pk)
        for row, one in zip(rows, findings, strict=True)
        for pk in dict.fromkeys(one.photos)
    )
    announce_each([_news(row, actor) for row in rows])
    return rows


def _news(row: NonConformance, actor: User) -> News:
    changes = first(row, "stage", "source_id", "lot_id", "parcel_id", "severity", "quantity", "owner_id", "due_at", "state")
    return News("qc.non_conformance.opened", row, changes, row.opened_at, actor, {"non_conformance_id": row.pk})
