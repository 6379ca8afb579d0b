"""Inspections as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assurance.web.serializers import StrictBooleanField, StrictIntegerField, StrictListField, StrictSerializer, StrictTextField
from qc.inspections.models import DefectKind, InspectedUnit, Inspection

MOST_UNITS = 500
MOST_DEFECTS = 30


class UnitIn(StrictSerializer):
    """One unit as it was found. ``is_conforming`` is always said; a unit that fails names its defects."""

    number = StrictIntegerField()
    is_conforming = StrictBooleanField()
    defects = StrictListField(child=StrictTextField(max_length=32), most=MOST_DEFECTS, required=False)


class UnitsIn(StrictSerializer):
    """All of them are recorded or none."""

    units = UnitIn(many=True, max_length=MOST_UNITS)  # type: ignore[call-arg]  # goes to the list


class NumberIn(StrictSerializer):
    """Which unit to take back; the last one recorded unless named."""

    number = StrictIntegerField(required=False)


class UnitOut(serializers.ModelSerializer[InspectedUnit]):
    class Meta:
        model = InspectedUnit
        fields = ("number", "is_conforming", "defects", "recorded_at")
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

    class Meta(InspectionOut.Meta):
        fields = (*InspectionOut.Meta.fields, "units")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(UnitOut(many=True))
    def get_units(self, inspection: Inspection) -> list[dict[str, Any]]:
        return list(UnitOut(inspection.units.standing().order_by("number"), many=True).data)


class DefectOut(serializers.ModelSerializer[DefectKind]):
    class Meta:
        model = DefectKind
        fields = ("version", "code", "category", "defect_class", "name_zh", "name_en")
        read_only_fields = fields
