"""Inspections as JSON."""

from __future__ import annotations

from typing import Any

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
from qc.checks.api.serializers import MOST_ANSWERS, MOST_PHOTOS, AnswersField, PhotosIn
from qc.inspections.actions import FoundUnit
from qc.inspections.models import LIABILITIES, DefectKind, InspectedUnit, Inspection, PointsAnswered
from qc.inspections.queries import drawn_units, is_blind

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


class UnitOut(serializers.ModelSerializer[InspectedUnit]):
    class Meta:
        model = InspectedUnit
        fields = ("number", "is_conforming", "defects", "liability", "recorded_at")
        read_only_fields = fields


class PlanOut(serializers.Serializer[Any]):
    """One class of the plan, and what was found of it by now."""

    defect_class = serializers.ChoiceField(choices=["critical", "major", "minor"])
    aql = serializers.CharField(source="plan.aql")
    code_letter = serializers.CharField(source="plan.plan_letter")
    sample_size = serializers.IntegerField(source="plan.sample_size")
    accept = serializers.IntegerField(source="plan.accept")
    reject = serializers.IntegerField(source="plan.reject")


class InspectionOut(serializers.ModelSerializer[Inspection]):
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
        rows = [{"defect_class": str(one), "plan": plan} for one, plan in inspection.plans.items()]
        return list(PlanOut(rows, many=True).data)


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
        units = inspection.units.none() if self._is_blind(inspection) else inspection.units.standing().order_by("number")
        return list(UnitOut(units, many=True).data)

    @extend_schema_field({"type": "array", "items": {"type": "integer"}})
    def get_drawn(self, inspection: Inspection) -> list[int]:
        """Which units of the lot make the sample, in the order of the draw: to the inspector, and to all once the seed is revealed."""
        return drawn_units(inspection, self.context["request"].user)

    def _is_blind(self, inspection: Inspection) -> bool:
        return is_blind(inspection, self.context["request"].user)

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_points(self, inspection: Inspection) -> list[dict[str, Any]]:
        """What is asked of the lot as a whole, as the checklist keeps it."""
        told: list[dict[str, Any]] = inspection.checklist.checkpoints if inspection.checklist else []
        return told

    @extend_schema_field({"type": "object", "additionalProperties": {"oneOf": [{"type": "boolean"}, {"type": "string"}]}})
    def get_answers(self, inspection: Inspection) -> dict[str, Any]:
        """What was answered last; empty before."""
        row = None if self._is_blind(inspection) else _answered(inspection)
        return dict(row.answers) if row else {}

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_failing_points(self, inspection: Inspection) -> list[str]:
        row = None if self._is_blind(inspection) else _answered(inspection)
        return [told["point"] for told in row.failing] if row else []


def _answered(inspection: Inspection) -> PointsAnswered | None:
    return max(inspection.answered.all(), key=lambda row: row.attempt, default=None)


class DefectOut(serializers.ModelSerializer[DefectKind]):
    class Meta:
        model = DefectKind
        fields = ("version", "code", "category", "defect_class", "name_zh", "name_en")
        read_only_fields = fields
