"""What failed and what was decided, in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from qc.nonconformance.models import Disposition, DispositionMove, NonConformance, NonConformancePhoto


class NonConformanceTable(back_office.Shown):
    noun, nouns = _("non-conformance"), _("non-conformances")
    columns = ("stage", "source_id", "lot", "parcel", "severity", "quantity", "assigned", "settled", "state", "due_at")
    rows = ("merchant", "warehouse", "product", "owner", "defects", "failing", "opened_at", "closed_at", "closed_by", "remedy")
    list_filter = ("state", "stage", "severity")


class NonConformancePhotoTable(back_office.Shown):
    noun, nouns = _("photo of a non-conformance"), _("photos of non-conformances")
    columns = ("non_conformance", "file")


class DispositionTable(back_office.Shown):
    noun, nouns = _("disposition"), _("dispositions")
    columns = ("non_conformance", "lot", "kind", "quantity", "settled", "sorted_out", "state", "ends_date")
    rows = ("reason", "requested_by", "requested_at", "decided_by", "decided_at", "decision_reason", "finished_at")
    list_filter = ("state", "kind")


class DispositionMoveTable(back_office.Shown):
    noun, nouns = _("step of a disposition"), _("steps of dispositions")
    columns = ("disposition", "lot", "kind", "quantity", "sorted_out", "actor", "at")
    rows = ("move", "witness", "photo", "certificate_number")


back_office.tables(
    [
        (NonConformance, NonConformanceTable),
        (NonConformancePhoto, NonConformancePhotoTable),
        (Disposition, DispositionTable),
        (DispositionMove, DispositionMoveTable),
    ]
)
