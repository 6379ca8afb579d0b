"""What failed an inspection, what was decided on it, and the goods that moved for it."""

from qc.nonconformance.models.dispositions import DISPOSITION_STATES, KINDS, Disposition, DispositionMove, DispositionQuerySet
from qc.nonconformance.models.found import (
    NON_CONFORMANCE_STATES,
    SEVERITIES,
    STAGES,
    NonConformance,
    NonConformancePhoto,
    NonConformanceQuerySet,
)

__all__ = [
    "DISPOSITION_STATES",
    "KINDS",
    "NON_CONFORMANCE_STATES",
    "SEVERITIES",
    "STAGES",
    "Disposition",
    "DispositionMove",
    "DispositionQuerySet",
    "NonConformance",
    "NonConformancePhoto",
    "NonConformanceQuerySet",
]
