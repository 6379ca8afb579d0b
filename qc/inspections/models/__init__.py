"""Inspections with their units, the catalogue of defects, and how strictly the next lot is inspected."""

from qc.inspections.models.inspections import (
    CLASSES,
    STATE_CHOICES,
    DefectKind,
    InspectedUnit,
    Inspection,
    InspectionQuerySet,
)
from qc.inspections.models.severity import SEVERITIES, ClassSeverity, ClassSeverityQuerySet, SeveritySwitch

__all__ = [
    "CLASSES",
    "SEVERITIES",
    "STATE_CHOICES",
    "ClassSeverity",
    "ClassSeverityQuerySet",
    "DefectKind",
    "InspectedUnit",
    "Inspection",
    "InspectionQuerySet",
    "SeveritySwitch",
]
