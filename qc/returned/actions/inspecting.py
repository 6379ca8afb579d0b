"""Inspect returned units: grade and suggested responsibility are computed, and told with their evidence in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.evidence.actions import Said, record_all
from assurance.fees.actions import Metered, meter_all
from assurance.files.actions import share
from assurance.refusals import OwnWork, Refused, WrongState, at_place
from assurance.sentences import keep
from qc.checks.actions.judged import judged
from qc.checks.actions.photographs import pictures_of, shown_before
from qc.checks.models import CheckPhoto
from qc.checks.queries import Asked, Lists, fine_of
from qc.returned.actions.failing import open_failed
from qc.returned.grading import NOT_WHAT_WAS_SHIPPED, NOTHING_FOUND, WORST_POINT, Graded, grade
from qc.returned.models import InspectionPhoto, ReturnInspection
from qc.returned.queries import outbound_of
from qc.returned.responsibility import CHANGED, OTHER_GOODS, OTHER_GOODS_UNSEEN, UNSEEN, Suggestion, suggest
from warehouse.returns.actions import grade_units, lock_units
from warehouse.returns.lifecycle import UnitState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from qc.checks.judging import Judged
    from qc.checks.models import OutboundCheck
    from warehouse.returns.models import ReturnUnit

keep(NOTHING_FOUND, WORST_POINT, NOT_WHAT_WAS_SHIPPED, CHANGED, UNSEEN, OTHER_GOODS, OTHER_GOODS_UNSEEN)
STAGE: Final = "return"
SOURCE_KIND: Final = "qc.returninspection"
KIND: Final = "return_graded"


class OtherWarehouse(Refused):
    code = "other_warehouse"
    status = 403
    message = _("This unit is in another warehouse.")


@dataclass(frozen=True)
class ReturnCheck:
    """What was found on one returned unit: an answer to every point asked, photographs by point. ``at`` is its own moment."""

    unit_id: int
    answers: Mapping[str, Any]
    photos: Mapping[str, Sequence[int]] = field(default_factory=dict)
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """Everything that was computed of one unit."""

    entry: ReturnCheck
    unit: ReturnUnit
    asked: Asked
    outbound: OutboundCheck | None
    result: Judged
    graded: Graded
    suggestion: Suggestion
    at: datetime


@transaction.atomic
def inspect_returns(entries: Sequence[ReturnCheck], *, actor: User, at: datetime) -> list[ReturnInspection]:
    """Inspect returned units; all of them or none, in the same number of queries for one as for many.

    The grade is the worst of the points that fail (P8.2); the suggestion weighs what changed since the check before sending (A8.1).
    Until then the goods are "pending" and nobody can sell them (P8.5).

    :raises OwnWork: if the actor received one of them
    :raises OtherWarehouse, WrongState: if one is not to be inspected
    :raises PointUnanswered, AnswerUnclear, NoSuchPoint, PhotoMissing, NoSuchPhoto, PhotoShownBefore: if the answers do not say enough
    """
    units = lock_units(one.unit_id for one in entries)
    _check(entries, units, actor)
    pictures = pictures_of([one.photos for one in entries], actor=actor)
    lists = Lists(STAGE, {unit.product_id for unit in units.values() if unit.product_id})
    outbound = outbound_of({unit.parcel_id for unit in units.values()})
    shown, found = shown_before(pictures, CheckPhoto, InspectionPhoto), []
    for place, one in enumerate(entries):
        unit = units[one.unit_id]
        found.append(_find(place, one, unit, lists, outbound.get(unit.parcel_id), pictures, shown, at=one.at or at))
        shown.update(*one.photos.values())
    inspections = _write(found, pictures, actor=actor, at=at)
    grade_units([(one.unit, one.graded.grade) for one in found], actor=actor, at=at)
    open_failed(list(zip(inspections, found, strict=True)), actor=actor)
    meter_all([Metered("return_check", row.merchant_id, SOURCE_KIND, row.pk, row.inspected_at) for row in inspections], at=at)
    announce_each([_news(row, one, actor) for row, one in zip(inspections, found, strict=True)])
    return inspections


def _check(entries: Sequence[ReturnCheck], units: Mapping[int, ReturnUnit], actor: User) -> None:
    seen: set[int] = set()
    for place, one in enumerate(entries):
        unit = units[one.unit_id]
        with at_place(place):
            if unit.warehouse_id != actor.organisation_id:
                raise OtherWarehouse
            if unit.state != UnitState.RECEIVED or unit.pk in seen:
                raise WrongState(state=unit.get_state_display())
            if unit.received_by_id == actor.pk:
                raise OwnWork
            seen.add(unit.pk)


def _find(
    place: int,
    one: ReturnCheck,
    unit: ReturnUnit,
    lists: Lists,
    outbound: OutboundCheck | None,
    pictures: Mapping[int, StoredFile],
    shown: Collection[int],
    *,
    at: datetime,
) -> Found:
    day = at.astimezone(SHANGHAI).date()
    version = lists.of(unit.product, day=day)
    asked = Asked(version.points if version else (), (version.id,) if version else (), unit.lot.expiry_date if unit.lot else None)
    result = judged(place, asked, one.answers, one.photos, pictures, day=day, shown=shown)
    suggestion = suggest(
        asked.points, result.readings, before=fine_of(outbound) if outbound else None, is_what_was_shipped=not unit.is_wrong_item
    )
    graded = grade(result.readings, is_what_was_shipped=not unit.is_wrong_item)
    return Found(one, unit, asked, outbound, result, graded, suggestion, at)


def _write(found: Sequence[Found], pictures: Mapping[int, StoredFile], *, actor: User, at: datetime) -> list[ReturnInspection]:
    said = [Said(KIND, one.unit.product_id, one.unit.merchant_id, _body(one, pictures), one.unit.lot_id, at=one.at) for one in found]
    written = record_all(said, actor=actor, at=at)
    inspections = ReturnInspection.objects.bulk_create(
        ReturnInspection(
            merchant_id=one.unit.merchant_id,
            warehouse_id=one.unit.warehouse_id,
            unit=one.unit,
            outbound=one.outbound,
            checklists=list(one.asked.checklists),
            answers=one.result.values,
            note=one.entry.note,
            grade=one.graded.grade,
            because=_reason(one),
            party=one.suggestion.party,
            party_reasons=_party_reasons(one.suggestion),
            inspector=actor,
            inspected_at=one.at,
            evidence_entry_id=entry.pk,
        )
        for one, entry in zip(found, written, strict=True)
    )
    _keep_photos([(row, one.entry.photos) for row, one in zip(inspections, found, strict=True)], pictures, actor=actor, at=at)
    return inspections


def _keep_photos(
    given: Sequence[tuple[ReturnInspection, Mapping[str, Sequence[int]]]], pictures: Mapping[int, StoredFile], *, actor: User, at: datetime
) -> None:
    rows = [
        InspectionPhoto(inspection=row, merchant_id=row.merchant_id, warehouse_id=row.warehouse_id, checkpoint=point, file=pictures[pk])
        for row, photos in given
        for point, ids in sorted(photos.items())
        for pk in dict.fromkeys(ids)
    ]
    InspectionPhoto.objects.bulk_create(rows)
    for merchant_id in sorted({row.merchant_id for row in rows}):
        share(file_ids=[row.file_id for row in rows if row.merchant_id == merchant_id], organisation_ids=[merchant_id], actor=actor, at=at)


def _reason(one: Found) -> dict[str, Any]:
    failing = [{"point": r.code, "message": r.message, "params": r.params} for r in one.result.failing]
    return {"message": one.graded.message, "params": one.graded.params, "points": failing, "decided_by": list(one.graded.points)}


def _party_reasons(suggestion: Suggestion) -> list[dict[str, Any]]:
    return [
        {"point": reason.point, "party": str(reason.party), "message": reason.message, "weight": reason.weight}
        for reason in suggestion.reasons
    ]


def _body(one: Found, pictures: Mapping[int, StoredFile]) -> dict[str, Any]:
    """Return what the evidence entry says. No persons, no floats; photographs by their SHA-256."""
    unit = one.unit
    return {
        "product_id": unit.product_id,
        "merchant_id": unit.merchant_id,
        "warehouse_id": unit.warehouse_id,
        "lot_id": unit.lot_id,
        "lot_number": unit.lot.number if unit.lot else None,
        "parcel_id": unit.parcel_id,
        "return_id": unit.return_parcel_id,
        "return_unit_id": unit.pk,
        "kind": unit.kind,
        "outbound_check_id": one.outbound.pk if one.outbound else None,
        "checklists": list(one.asked.checklists),
        "answers": one.result.values,
        "photos": {point: [pictures[pk].sha256 for pk in ids] for point, ids in sorted(one.entry.photos.items())},
        "grade": str(one.graded.grade),
        "because": one.graded.because,
        "failing": [reading.code for reading in one.result.failing],
        "suggested_party": str(one.suggestion.party),
        "inspected_at": one.at,
    }


def _news(row: ReturnInspection, one: Found, actor: User) -> News:
    ids = {
        "inspection_id": row.pk,
        "return_unit_id": one.unit.pk,
        "return_id": one.unit.return_parcel_id,
        "parcel_id": one.unit.parcel_id,
        "order_id": one.unit.parcel.order_id,
    }
    goods = {"product_id": one.unit.product_id, "lot_id": one.unit.lot_id}
    ids |= {name: value for name, value in goods.items() if value is not None}
    return News("qc.return.graded", row, first(row, "unit_id", "grade", "party", "answers"), one.at, actor, ids, reason=one.graded.because)
