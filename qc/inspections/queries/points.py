"""What an inspection asks of its lot as a whole, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.checks.queries import answered, photos_of
from qc.inspections.models import PointsAnswered

if TYPE_CHECKING:
    from qc.checks.checkpoints import Checkpoint
    from qc.checks.queries import Answered
    from qc.inspections.models import Inspection


@dataclass(frozen=True)
class Sheet:
    """The checklist of one inspection with the last answers to it, if there are any."""

    points: tuple[Checkpoint, ...]
    row: PointsAnswered | None
    answers: list[Answered]

    @property
    def is_open(self) -> bool:
        """Whether something is asked that nobody has answered."""
        return bool(self.points) and self.row is None

    @property
    def failing(self) -> list[Answered]:
        return [one for one in self.answers if not one.is_fine]


def sheet(inspection: Inspection) -> Sheet:
    """Return what is asked of an inspection and what was answered last. Two queries at most besides the checklist."""
    points = inspection.points
    row = PointsAnswered.objects.filter(inspection=inspection).order_by("-attempt").first() if points else None
    if row is None:
        return Sheet(points, None, [])
    shots = inspection.photos.exclude(checkpoint="").select_related("file").order_by("id")
    return Sheet(points, row, answered(points, row.answers, {"points": row.failing}, photos_of(shots)))
