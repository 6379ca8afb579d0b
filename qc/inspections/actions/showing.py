"""Keep what was photographed at the bench, and show it to whose goods it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assurance.files.actions import share
from qc.inspections.models import BenchPhoto

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from qc.inspections.models import InspectedUnit, Inspection


@dataclass(frozen=True)
class Shot:
    """A photograph of one point, or of one unit."""

    inspection: Inspection
    file: StoredFile
    at: datetime
    checkpoint: str = ""
    unit: InspectedUnit | None = None


def keep_photos(shots: Sequence[Shot], *, actor: User) -> None:
    """Write photographs down and show them to the merchants."""
    if not shots:
        return
    BenchPhoto.objects.bulk_create(
        BenchPhoto(
            inspection=one.inspection,
            merchant_id=one.inspection.merchant_id,
            warehouse_id=one.inspection.warehouse_id,
            checkpoint=one.checkpoint,
            unit=one.unit,
            file=one.file,
            taken_by=actor,
            taken_at=one.at,
        )
        for one in shots
    )
    of: dict[int, set[int]] = defaultdict(set)
    for one in shots:
        of[one.inspection.merchant_id].add(one.file.pk)
    for merchant_id in sorted(of):
        share(file_ids=sorted(of[merchant_id]), organisation_ids=[merchant_id], actor=actor, at=shots[0].at)
