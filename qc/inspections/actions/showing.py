"""Keep what was photographed at the bench, and show it to whose goods it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from assurance.files.actions import share
from assurance.files.vault import place
from qc.inspections.models import BenchPhoto
from qc.inspections.suspicion import fingerprint_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from qc.inspections.models import InspectedUnit, Inspection


WIDTH, HEIGHT = 9, 8


@dataclass(frozen=True)
class Shot:
    """A photograph of one point, or of one unit."""

    inspection: Inspection
    file: StoredFile
    at: datetime
    checkpoint: str = ""
    unit: InspectedUnit | None = None


def _fingerprint(file: StoredFile) -> int | None:
    """Return what a picture is known again by, however it was saved."""
    with Image.open(place(file.sha256)) as opened:
        small = opened.convert("L").resize((WIDTH, HEIGHT))
        grey = small.tobytes()
    return fingerprint_of([grey[row * WIDTH : (row + 1) * WIDTH] for row in range(HEIGHT)])


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
            fingerprint=_fingerprint(one.file),
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
