"""This floor's tables by name, for Django; code imports them from their packages."""

from qc.inspections.models import DefectKind, InspectedUnit, Inspection

__all__ = ["DefectKind", "InspectedUnit", "Inspection"]
