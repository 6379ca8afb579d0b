"""Inspections as JSON."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.files.models import StoredFile
from assurance.web.serializers import (
    StrictBooleanField,
    StrictChoiceField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
    StrictTextField,
    VisibleListField,
)
from assurance.web.shown import ShownRow
from qc.checks.api.serializers import MOST_ANSWERS, MOST_PHOTOS, AnswersField, PhotosIn
from qc.inspections.actions import FoundUnit
from qc.inspections.models import LIABILITIES, DefectKind, InspectedUnit, Inspection, PointsAnswered
from qc.inspections.queries import drawn_units, is_blind

if TYPE_CHECKING:
    from rest_framework.request import Request

    from qc.inspections.actions.judging import Known

MOST_UNITS = 500
MOST_DEFECTS = 30


class UnitIn(StrictSerializer):
    """One unit as it was found. ``is_conforming`` is always said; a unit that fails names its defects."""

    number = StrictIntegerField()
    is_conforming = StrictBooleanField()
    defects = StrictListField(child=StrictTextField(max_length=32), most=MOST_DEFECTS, required=False)
    liability = StrictChoiceField(choices=LIABILITIES, required=False)
    photos = VisibleListField(StoredFile, most=MOST_PHOTOS, required=False)


class UnitsIn(StrictSerializer):
    """All of them are recorded or none."""

    units = UnitIn(many=True, max_length=MOST_UNITS)  # type: ignore[call-arg]  # goes to the list


def found_unit(given: dict[str, Any]) -> FoundUnit:
    """Return one unit as the action takes it."""
    photos = tuple(file.pk for file in given.get("photos", ()))
    return FoundUnit(given["number"], given["is_conforming"], tuple(given.get("defects", ())), given.get("liability", ""), photos)


class PointsIn(StrictSerializer):
    """An answer to every point of the checklist, with the photographs that are asked for."""

    answers = AnswersField()
    photos = PhotosIn(many=True, max_length=MOST_ANSWERS, required=False)  # type: ignore[call-arg]  # goes to the list
    note = StrictTextField(max_length=200, required=False)


class NumberIn(StrictSerializer):
    """Which unit to take back; the last one recorded unless named."""

    number = StrictIntegerField(required=False)


class UnitOut(ShownRow[InspectedUnit]):
    class Meta:
        model = InspectedUnit
        fields = ("number", "is_conforming", "defects", "liability", "recorded_at")
        read_only_fields = fields


OF_PLAN = {
    "aql": "aql",
    "code_letter": "plan_letter",
    "sample_size": "sample_size",
    "accept": "accept",
    "reject": "reject",
}
"""The figures of a plan by the names that the API gives them."""


class PlanOut(serializers.Serializer[Any]):
    """One class of the plan, and what was found of it by now."""

    defect_class = serializers.ChoiceField(choices=["critical", "major", "minor"])
    aql = serializers.CharField()
    code_letter = serializers.CharField()
    sample_size = serializers.IntegerField()
    accept = serializers.IntegerField()
    reject = serializers.IntegerField()


class InspectionOut(ShownRow[Inspection]):
    """An inspection with its plan. ``inspected`` and ``nonconforming`` are said with the verdict."""

    code = serializers.CharField(read_only=True)
    merchant = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    warehouse = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    lot_number = serializers.CharField(source="lot.number", read_only=True)
    edition = serializers.SerializerMethodField()
    sample_size = serializers.IntegerField(read_only=True)
    plan = serializers.SerializerMethodField()
    recorded = serializers.IntegerField(source="recorded_units", read_only=True)
    because = serializers.CharField(source="reason", read_only=True)

    class Meta:
        model = Inspection
        fields = (
            "id",
            "code",
            "merchant",
            "warehouse",
            "product",
            "lot",
            "lot_number",
            "stage",
            "tranche",
            "lot_size",
            "sample_size",
            "edition",
            "plan",
            "catalogue",
            "checklist",
            "is_original",
            "is_skipped",
            "commitment",
            "seed",
            "repeats",
            "state",
            "opened_at",
            "due_at",
            "claimed_at",
            "decided_at",
            "recorded",
            "inspected",
            "nonconforming",
            "because",
        )
        read_only_fields = fields

    def get_edition(self, inspection: Inspection) -> str:
        return inspection.plans.major.edition

    @extend_schema_field(PlanOut(many=True))
    def get_plan(self, inspection: Inspection) -> list[dict[str, Any]]:
        return [
            {"defect_class": str(one), **{shown: getattr(plan, name) for shown, name in OF_PLAN.items()}}
            for one, plan in inspection.plans.items()
        ]


class InspectionWithUnitsOut(InspectionOut):
    """One inspection with every unit recorded."""

    units = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    failing_points = serializers.SerializerMethodField()
    drawn = serializers.SerializerMethodField()

    class Meta(InspectionOut.Meta):
        fields = (*InspectionOut.Meta.fields, "units", "points", "answers", "failing_points", "drawn")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(UnitOut(many=True))
    def get_units(self, inspection: Inspection) -> list[dict[str, Any]]:
        if known := known_of(inspection):
            return list(UnitOut(known.units, many=True).data) if known.units else []
        units = inspection.units.none() if self._is_blind(inspection) else inspection.units.standing().order_by("number")
        return list(UnitOut(units, many=True).data)

    @extend_schema_field({"type": "array", "items": {"type": "integer"}})
    def get_drawn(self, inspection: Inspection) -> list[int]:
        """Which units of the lot make the sample, in the order of the draw: to the inspector, and to all once the seed is revealed."""
        known = known_of(inspection)
        return drawn_units(inspection, self.context["request"].user, hidden=known.seed if known else None)

    def _is_blind(self, inspection: Inspection) -> bool:
        return is_blind(inspection, self.context["request"].user)

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_points(self, inspection: Inspection) -> list[dict[str, Any]]:
        """What is asked of the lot as a whole, as the checklist keeps it."""
        asked = {point.code for point in inspection.points}
        return [told for told in inspection.checklist.checkpoints if told["code"] in asked] if inspection.checklist else []

    @extend_schema_field({"type": "object", "additionalProperties": {"oneOf": [{"type": "boolean"}, {"type": "string"}]}})
    def get_answers(self, inspection: Inspection) -> dict[str, Any]:
        """What was answered last; empty before."""
        row = None if self._is_blind(inspection) else _answered(inspection)
        return dict(row.answers) if row else {}

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_failing_points(self, inspection: Inspection) -> list[str]:
        row = None if self._is_blind(inspection) else _answered(inspection)
        return [told["point"] for told in row.failing] if row else []


def known_of(inspection: Inspection) -> Known | None:
    return getattr(inspection, "known", None)


def _answered(inspection: Inspection) -> PointsAnswered | None:
    if known := known_of(inspection):
        return known.answered
    return max(inspection.answered.all(), key=lambda row: row.attempt, default=None)


class DefectOut(ShownRow[DefectKind]):
    class Meta:
        model = DefectKind
        fields = ("version", "code", "category", "defect_class", "name_zh", "name_en")
        read_only_fields = fields


class Showing(threading.local):
    """Shows inspections by what the action has in hand of them: without reading them again, by fields that are made once a thread."""

    def __init__(self) -> None:
        self.serializer = InspectionWithUnitsOut()

    def of(self, inspection: Inspection, known: Known, request: Request) -> dict[str, Any]:
        """Return the answer to a submit."""
        inspection.known = known  # type: ignore[attr-defined]
        inspection.recorded_units = len(known.units)  # type: ignore[attr-defined]
        self.serializer._context = {"request": request}
        return dict(self.serializer.to_representation(inspection))
