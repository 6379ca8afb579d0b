"""Answer the points of an inspection's checklist: about the lot as a whole, all at once, again until the verdict is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import News, announce_each
from assurance.inserting import insert_all
from assurance.refusals import Refused, at_place
from qc.checks.actions.judged import judged
from qc.checks.actions.photographs import pictures_of
from qc.checks.queries import Asked, kept_checklists
from qc.inspections.actions.claiming import Own, check_inspector
from qc.inspections.actions.holding import lock_all, standing_of
from qc.inspections.actions.judging import Known, Recorded, Seen, judge_all
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
    from qc.inspections.actions.holding import Standing
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
    standing = standing_of(inspections, actor)
    own = _own(inspections, standing)
    checklists = kept_checklists({one.checklist_id for one in inspections if one.checklist_id})
    pictures = pictures_of([one.photos for one in lots], actor=actor)
    found: list[tuple[Inspection, AnsweredLot, Judged]] = []
    for place, (inspection, one) in enumerate(zip(inspections, lots, strict=True)):
        with at_place(place):
            check_inspector(inspection, actor, own)
            checklist = checklists.get(inspection.checklist_id or 0)
            if checklist is None:
                raise NothingAsked
        inspection.checklist = checklist
        asked = Asked(inspection.points, (checklist.pk,), inspection.lot.expiry_date)
        day = one.at.astimezone(SHANGHAI).date()
        found.append((inspection, one, judged(place, asked, one.answers, one.photos, pictures, day=day)))
    rows = insert_all([_row(inspection, one, result, standing[inspection.pk].attempts + 1, actor) for inspection, one, result in found])
    shots = [
        Shot(inspection, pictures[pk], one.at, checkpoint=point)
        for inspection, one, _ in found
        for point, ids in one.photos.items()
        for pk in dict.fromkeys(ids)
    ]
    keep_photos(shots, actor=actor)
    announce_each([_news(row, one, actor) for row, one in zip(rows, lots, strict=True)])
    seen = [_seen(row, one, standing[row.inspection_id]) for row, one in zip(rows, lots, strict=True)]
    return judge_all(seen, Catalogue(), actor=actor)


def _own(inspections: Sequence[Inspection], standing: Mapping[int, Standing]) -> Own:
    return Own(
        frozenset(one.lot_id for one in inspections if standing[one.pk].received_by_actor),
        frozenset(one.product_id for one in inspections if standing[one.pk].entered_by_actor),
    )


def _seen(row: PointsAnswered, one: AnsweredLot, standing: Standing) -> Seen:
    units = {unit.number: unit.defects for unit in standing.units}
    points = Points(len(row.inspection.points), tuple(DefectClass(told["class"]) for told in row.failing))
    return Seen(row.inspection, units, points, one.at, Known(row, standing.units, standing.seed))


def _row(inspection: Inspection, one: AnsweredLot, result: Judged, attempt: int, actor: User) -> PointsAnswered:
    return PointsAnswered(
        inspection=inspection,
        merchant_id=inspection.merchant_id,
        warehouse_id=inspection.warehouse_id,
        attempt=attempt,
        answers=result.values,
        failing=_failing(inspection, result) if result.failing else [],
        note=one.note,
        answered_by=actor,
        answered_at=one.at,
    )


def _failing(inspection: Inspection, result: Judged) -> list[dict[str, Any]]:
    classes = {point.code: point.defect_class for point in inspection.points}
    return [
        {"point": reading.code, "class": classes[reading.code], "message": reading.message, "params": reading.params}
        for reading in result.failing
    ]


def _news(row: PointsAnswered, one: AnsweredLot, actor: User) -> News:
    changes = {"answers": [None, row.answers], "failing": [None, [told["point"] for told in row.failing]]}
    return News("qc.inspection.points_answered", row.inspection, changes, one.at, actor, {"inspection_id": row.inspection_id})
