"""Cases in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.cases.models import Case, CaseDecision, CaseLink, Remedy
from assurance import back_office


class CaseTable(back_office.Shown):
    noun, nouns = _("case"), _("cases")
    columns = ("opened_at", "kind", "about", "merchant", "product", "state", "due_at", "liability")
    rows = ("rule", "origin", "policy", "agent", "is_confirmed", "decided_at", "closed_at")
    list_filter = ("state",)
    search_fields = ("about",)


class CaseLinkTable(back_office.Shown):
    noun, nouns = _("linked record"), _("linked records")
    columns = ("case", "relation", "subject_kind", "subject_id", "merchant")


class CaseDecisionTable(back_office.Shown):
    noun, nouns = _("decision on a case"), _("decisions on cases")
    columns = ("case", "state", "liability", "is_confirmed", "outcome", "decided_at", "merchant")
    rows = ("proposed_by", "decided_by")


class RemedyTable(back_office.Shown):
    noun, nouns = _("remedy"), _("remedies")
    columns = ("case", "kind", "amount", "state", "reference", "done_at", "merchant")


back_office.tables([(Case, CaseTable), (CaseLink, CaseLinkTable), (CaseDecision, CaseDecisionTable), (Remedy, RemedyTable)])
