"""Inspections, the units they recorded and the catalogue of defects in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from qc.inspections.models import BenchPhoto, ClassSeverity, DefectKind, InspectedUnit, Inspection, PointsAnswered, SeveritySwitch


class InspectionTable(back_office.Shown):
    noun, nouns = _("inspection"), _("inspections")
    columns = ("lot", "product", "warehouse", "stage", "tranche", "state", "inspector", "opened_at", "due_at", "decided_at")
    rows = (
        "merchant",
        "lot_size",
        "catalogue",
        "checklist",
        "is_original",
        "claimed_at",
        "inspected",
        "nonconforming",
        "clearance",
        "source",
    )
    list_filter = ("state",)


class InspectedUnitTable(back_office.Shown):
    noun, nouns = _("inspected unit"), _("inspected units")
    columns = ("inspection", "number", "is_conforming", "recorded_by", "recorded_at", "withdrawn_by", "withdrawn_at")


class DefectKindTable(back_office.Shown):
    noun, nouns = _("defect"), _("defects")
    columns = ("code", "name_zh", "name_en", "defect_class", "category", "version")
    list_filter = ("defect_class",)
    search_fields = ("code", "name_zh", "name_en")


class ClassSeverityTable(back_office.Shown):
    noun, nouns = _("severity of inspection"), _("severities of inspection")
    columns = ("product", "warehouse", "defect_class", "severity", "run", "switches", "changed_at")
    rows = ("merchant", "standing")
    list_filter = ("severity",)


class SeveritySwitchTable(back_office.Shown):
    noun, nouns = _("switch of severity"), _("switches of severity")
    columns = ("of", "number", "before", "after", "inspection", "inspections", "decided_by", "switched_at")


class PointsAnsweredTable(back_office.Shown):
    noun, nouns = _("answers to a checklist"), _("answers to checklists")
    columns = ("inspection", "attempt", "answers", "failing", "answered_by", "answered_at")


class BenchPhotoTable(back_office.Shown):
    noun, nouns = _("photo of an inspection"), _("photos of inspections")
    columns = ("inspection", "checkpoint", "unit", "file", "taken_by", "taken_at")


back_office.tables(
    [
        (PointsAnswered, PointsAnsweredTable),
        (BenchPhoto, BenchPhotoTable),
        (Inspection, InspectionTable),
        (InspectedUnit, InspectedUnitTable),
        (DefectKind, DefectKindTable),
        (ClassSeverity, ClassSeverityTable),
        (SeveritySwitch, SeveritySwitchTable),
    ]
)
