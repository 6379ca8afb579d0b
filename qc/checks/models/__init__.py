"""What was asked and found of parcels and units (``records``), and which parcels were drawn to be checked (``draws``)."""

from qc.checks.models.draws import CheckShare, DrawDay, ParcelDraw
from qc.checks.models.records import (
    STAGES,
    VERDICTS,
    CheckedGoods,
    Checklist,
    CheckPhoto,
    DayOfChecks,
    Explained,
    OutboundCheck,
    OutboundCheckQuerySet,
)

__all__ = [
    "STAGES",
    "VERDICTS",
    "CheckPhoto",
    "CheckShare",
    "CheckedGoods",
    "Checklist",
    "DayOfChecks",
    "DrawDay",
    "Explained",
    "OutboundCheck",
    "OutboundCheckQuerySet",
    "ParcelDraw",
]
