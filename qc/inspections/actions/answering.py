"""Answer the points of an inspection's checklist: about the lot as a whole, all at once, again until the verdict is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import News, announce_each
from assurance.refusals import Refused, at_place
from qc.checks.actions.judged import judged
from qc.checks.actions.photographs import pictures_of
from qc.checks.models import Checklist
from qc.checks.queries import Asked
from qc.inspections.actions.claiming import check_inspector, lock_all, own_work
from qc.inspections.actions.judging import Recorded, Seen, judge_all, units_so_far
from qc.inspections.actions.showing import Shot, keep_photos
from qc.inspections.models import PointsAnswered
from qc.inspections.queries import Catalogue
from qc.inspections.sampling import DefectClass
from qc.inspections.verdict import Points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.checks.judging import Judged
    from qc.inspections.models import Inspection


class NothingAsked(Refused):
    code = "nothing_asked"
    message = _("No checklist belongs to this inspection.")


@dataclass(frozen=True)
class AnsweredLot:
    """What was answered of one inspection: a value for every point, photographs by point."""

    inspection_id: int
    answers: Mapping[str, Any]
    at: datetime
    photos: Mapping[str, Sequence[int]] = field(default_factory=dict)
    note: str = ""


def answer_points(
    *,
    inspection_id: int,
    answers: Mapping[str, Any],
    actor: User,
    at: datetime,
    photos: Mapping[str, Sequence[int]] | None = None,
    note: str = "",
) -> Recorded:
    """Answer every point of an inspection's checklist. One that is not in order decides: the lot is not accepted.

    :raises AlreadyDecided, NotClaimed, AlreadyClaimed, OwnWork: if the actor is not inspecting this
    :raises NothingAsked: if it has no checklist
    :raises PointUnanswered, AnswerUnclear, NoSuchPoint, PhotoMissing, NoSuchPhoto: if the answers do not say enough
    """
    return answer_all([AnsweredLot(inspection_id, answers, at, photos or {}, note)], actor=actor)[0]


@transaction.atomic
def answer_all(lots: Sequence[AnsweredLot], *, actor: User) -> list[Recorded]:
    """Answer the checklists of many inspections, each named once; all of them or none.

    :raises Refused: what ``answer_points`` refuses, of the first that is refused
    """
    inspections = lock_all([one.inspection_id for one in lots])
    own = own_work(inspections, actor)
    checklists = {row.pk: row for row in Checklist.objects.filter(pk__in={one.checklist_id for one in inspections})}
    pictures = pictures_of([one.photos for one in lots], actor=actor)
    found: list[tuple[Inspection, AnsweredLot, Judged]] = []
    for place, (inspection, one) in enumerate(zip(inspections, lots, strict=True)):
        with at_place(place):
            check_inspector(inspection, actor, own)
            checklist = checklists.get(inspection.checklist_id or 0)
            if checklist is None:
                raise NothingAsked
        asked = Asked(checklist.points, (checklist.pk,), inspection.lot.expiry_date)
        day = one.at.astimezone(SHANGHAI).date()
        found.append((inspection, one, judged(place, asked, one.answers, one.photos, pictures, day=day)))
    rows = _insert(found, checklists, actor=actor)
    shots = [
        Shot(inspection, pictures[pk], one.at, checkpoint=point)
        for inspection, one, _ in found
        for point, ids in one.photos.items()
        for pk in dict.fromkeys(ids)
    ]
    keep_photos(shots, actor=actor)
    announce_each([_news(row, one, actor) for row, one in zip(rows, lots, strict=True)])
    units = units_so_far(inspections)
    seen = [
        Seen(inspection, units[inspection.pk], _points(row, checklists), one.at)
        for row, (inspection, one, _) in zip(rows, found, strict=True)
    ]
    return judge_all(seen, Catalogue(), actor=actor)


def _insert(
    found: Sequence[tuple[Inspection, AnsweredLot, Judged]], checklists: Mapping[int, Checklist], *, actor: User
) -> list[PointsAnswered]:
    before = PointsAnswered.objects.filter(inspection__in=[inspection for inspection, _, _ in found])
    attempts = dict(before.values_list("inspection").annotate(last=Max("attempt")))
    classes = {pk: {point.code: point.defect_class for point in row.points} for pk, row in checklists.items()}
    return PointsAnswered.objects.bulk_create(
        PointsAnswered(
            inspection=inspection,
            merchant_id=inspection.merchant_id,
            warehouse_id=inspection.warehouse_id,
            attempt=attempts.get(inspection.pk, 0) + 1,
            answers=result.values,
            failing=[
                {
                    "point": reading.code,
                    "class": classes[inspection.checklist_id or 0][reading.code],
                    "message": reading.message,
                    "params": reading.params,
                }
                for reading in result.failing
            ],
            note=one.note,
            answered_by=actor,
            answered_at=one.at,
        )
        for inspection, one, result in found
    )


def _points(row: PointsAnswered, checklists: Mapping[int, Checklist]) -> Points:
    asked = len(checklists[row.inspection.checklist_id or 0].checkpoints)
    return Points(asked, tuple(DefectClass(told["class"]) for told in row.failing))


def _news(row: PointsAnswered, one: AnsweredLot, actor: User) -> News:
    changes = {"answers": [None, row.answers], "failing": [None, [told["point"] for told in row.failing]]}
    return News("qc.inspection.points_answered", row.inspection, changes, one.at, actor, {"inspection_id": row.inspection_id})
