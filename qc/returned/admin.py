"""Return inspections and decisions in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from qc.returned.models import InspectionPhoto, ReturnDisposition, ReturnInspection


class ReturnInspectionTable(back_office.Shown):
    noun, nouns = _("return inspection"), _("return inspections")
    columns = ("unit", "outbound", "grade", "party", "warehouse", "inspector", "inspected_at")
    rows = ("merchant", "answers", "note", "checklists")
    list_filter = ("grade", "party")


class ReturnDispositionTable(back_office.Shown):
    noun, nouns = _("decision on a returned unit"), _("decisions on returned units")
    columns = ("unit", "disposition", "reason", "decided_by", "witness", "decided_at", "clearance")
    list_filter = ("disposition",)


class InspectionPhotoTable(back_office.Shown):
    noun, nouns = _("photo of a return inspection"), _("photos of return inspections")
    columns = ("inspection", "checkpoint", "file")


back_office.tables(
    [(ReturnInspection, ReturnInspectionTable), (ReturnDisposition, ReturnDispositionTable), (InspectionPhoto, InspectionPhotoTable)]
)
