"""This floor's tables by name, for Django; code imports them from their packages."""

from qc.checks.models import CheckedGoods, Checklist, CheckPhoto, DayOfChecks, OutboundCheck
from qc.inspections.models import (
    BenchPhoto,
    ClassSeverity,
    DefectKind,
    InspectedUnit,
    Inspection,
    InspectionSeed,
    PointsAnswered,
    SeveritySwitch,
)
from qc.labs.models import (
    DrawCandidate,
    DrawRound,
    DrawSeed,
    LabResult,
    LabScope,
    LabTest,
    LabTie,
    Sample,
    SampleHandover,
    SampleTest,
    Verification,
)
from qc.nonconformance.models import Disposition, DispositionMove, NonConformance, NonConformancePhoto
from qc.promises.models import Promise
from qc.quality.models import CorrectiveAction
from qc.returned.models import InspectionPhoto, ReturnDisposition, ReturnInspection

__all__ = [
    "BenchPhoto",
    "CheckPhoto",
    "CheckedGoods",
    "Checklist",
    "ClassSeverity",
    "CorrectiveAction",
    "DayOfChecks",
    "DefectKind",
    "Disposition",
    "DispositionMove",
    "DrawCandidate",
    "DrawRound",
    "DrawSeed",
    "InspectedUnit",
    "Inspection",
    "InspectionPhoto",
    "InspectionSeed",
    "LabResult",
    "LabScope",
    "LabTest",
    "LabTie",
    "NonConformance",
    "NonConformancePhoto",
    "OutboundCheck",
    "PointsAnswered",
    "Promise",
    "ReturnDisposition",
    "ReturnInspection",
    "Sample",
    "SampleHandover",
    "SampleTest",
    "SeveritySwitch",
    "Verification",
]
