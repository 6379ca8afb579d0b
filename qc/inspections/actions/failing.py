"""Hand what a rejected inspection found on to those who decide what becomes of the goods."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from qc.inspections.models import BenchPhoto, DefectKind, InspectedUnit, PointsAnswered
from qc.inspections.verdict import REJECT
from qc.nonconformance.actions import Finding, open_all
from qc.nonconformance.remedies import worst

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.inspections.models import Inspection
    from qc.inspections.verdict import Decision


def open_non_conformances(rejected: Sequence[tuple[Inspection, Decision, datetime]], *, actor: User) -> None:
    """Open exactly one non-conformance for each rejected inspection, with its defects by code (P5.1). A handful of queries."""
    if not rejected:
        return
    inspections = [inspection for inspection, _, _ in rejected]
    defects, points, photos = defects_of_all(inspections), _points_of_all(inspections), _photos_of_all(inspections)
    found = [
        (each, decision, at, defects.get(each.pk, []) + points.get(each.pk, []), photos.get(each.pk, [])) for each, decision, at in rejected
    ]
    open_all([_finding(*one) for one in found], actor=actor)


def _points_of_all(inspections: Sequence[Inspection]) -> dict[int, list[dict[str, Any]]]:
    """Return the points that were not in order at the last answers; they concern every unit. One query."""
    found = {}
    answered = PointsAnswered.objects.filter(inspection__in=inspections).order_by("inspection_id", "-attempt").distinct("inspection_id")
    failing = dict(answered.values_list("inspection_id", "failing"))
    for one in inspections:
        points = {point.code: point for point in one.points} if failing.get(one.pk) else {}
        told = [(points[each["point"]], each["class"]) for each in failing.get(one.pk, ())]
        found[one.pk] = [{"code": p.code, "class": of, "units": one.lot_size, "zh": p.zh, "en": p.en} for p, of in told]
    return found


def _photos_of_all(inspections: Sequence[Inspection]) -> dict[int, list[int]]:
    photos: dict[int, list[int]] = {}
    for inspection_id, file_id in BenchPhoto.objects.filter(inspection__in=inspections).order_by("id").values_list("inspection", "file"):
        photos.setdefault(inspection_id, []).append(file_id)
    return photos


def _finding(inspection: Inspection, decision: Decision, at: datetime, defects: list[dict[str, Any]], photos: list[int]) -> Finding:
    return Finding(
        stage=inspection.stage,
        source_id=inspection.pk,
        merchant_id=inspection.merchant_id,
        warehouse_id=inspection.warehouse_id,
        product_id=inspection.product_id,
        lot_id=inspection.lot_id,
        severity=worst([one.defect_class for one in decision.classes if one.verdict == REJECT]),
        defects=defects,
        because={"message": decision.message, "params": decision.params},
        quantity=inspection.lot_size,
        failing=inspection.nonconforming or 0,
        photos=photos,
        at=at,
    )


def defects_of_all(inspections: Sequence[Inspection]) -> dict[int, list[dict[str, Any]]]:
    """Return the defects of each inspection by code, with class, names and failing units, most units first. Two queries."""
    found: dict[int, Counter[str]] = {}
    units = InspectedUnit.objects.standing().filter(inspection__in=inspections, is_conforming=False)
    for inspection_id, codes in units.values_list("inspection_id", "defects"):
        found.setdefault(inspection_id, Counter()).update(codes)
    versions = {one.pk: one.catalogue for one in inspections}
    kinds = DefectKind.objects.filter(version__in=set(versions.values())).values_list(
        "version", "code", "defect_class", "name_zh", "name_en"
    )
    known = {(version, code): {"class": defect_class, "zh": zh, "en": en} for version, code, defect_class, zh, en in kinds}
    return {
        pk: [{"code": code, "units": units} | known[versions[pk], code] for code, units in counted.most_common()]
        for pk, counted in found.items()
    }
