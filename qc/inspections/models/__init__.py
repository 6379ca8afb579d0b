"""Inspections with their units, the catalogue of defects, and how strictly the next lot is inspected."""

from qc.inspections.models.bench import BenchPhoto, PointsAnswered
from qc.inspections.models.inspections import (
    CLASSES,
    LIABILITIES,
    STATE_CHOICES,
    DefectKind,
    InspectedUnit,
    Inspection,
    InspectionQuerySet,
    InspectionSeed,
)
from qc.inspections.models.severity import SEVERITIES, ClassSeverity, ClassSeverityQuerySet, SeveritySwitch

__all__ = [
    "CLASSES",
    "LIABILITIES",
    "SEVERITIES",
    "STATE_CHOICES",
    "BenchPhoto",
    "ClassSeverity",
    "ClassSeverityQuerySet",
    "DefectKind",
    "InspectedUnit",
    "Inspection",
    "InspectionQuerySet",
    "InspectionSeed",
    "PointsAnswered",
    "SeveritySwitch",
]
