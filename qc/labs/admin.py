"""Laboratories, draws, samples and results in the back office. A seed that was not revealed is shown nowhere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from qc.labs.models import DrawCandidate, DrawRound, LabScope, LabTest, LabTie, Sample, SampleHandover, SampleTest


class LabTestTable(back_office.Shown):
    noun, nouns = _("laboratory test"), _("laboratory tests")
    columns = ("code", "name_zh", "name_en", "limit", "standard", "method", "effective_from")
    search_fields = ("code", "name_zh", "name_en")


class LabScopeTable(back_office.Shown):
    noun, nouns = _("accreditation"), _("accreditations")
    columns = ("lab", "test", "mark", "accreditation", "valid_from", "valid_until", "price", "turnaround_days")


class LabTieTable(back_office.Shown):
    noun, nouns = _("closeness of a laboratory"), _("closeness of laboratories")
    columns = ("lab", "merchant", "because", "declared_at")


class DrawRoundTable(back_office.Shown):
    noun, nouns = _("draw"), _("draws")
    columns = ("warehouse", "size", "candidates", "commitment", "seed", "opened_at", "drawn_at")


class DrawCandidateTable(back_office.Shown):
    noun, nouns = _("lot that could be drawn"), _("lots that could be drawn")
    columns = ("round", "lot", "weight", "reasons")


class SampleTable(back_office.Shown):
    noun, nouns = _("sample"), _("samples")
    columns = ("lot", "product", "warehouse", "lab", "origin", "state", "due_at", "verdict")
    list_filter = ("state", "origin")


class SampleTestTable(back_office.Shown):
    noun, nouns = _("test of a sample"), _("tests of samples")
    columns = ("sample", "test", "scope", "price")


class SampleHandoverTable(back_office.Shown):
    noun, nouns = _("hand-over of a sample"), _("hand-overs of samples")
    columns = ("sample", "step", "by", "at", "place", "seal_number", "condition")


back_office.tables(
    [
        (LabTest, LabTestTable),
        (LabScope, LabScopeTable),
        (LabTie, LabTieTable),
        (DrawRound, DrawRoundTable),
        (DrawCandidate, DrawCandidateTable),
        (Sample, SampleTable),
        (SampleTest, SampleTestTable),
        (SampleHandover, SampleHandoverTable),
    ]
)
