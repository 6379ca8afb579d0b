"""Papers, entries and rules of entry in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.qualification.models import EntryRules, PaperProduct, PaperWarning, ProgrammeEntry, QualificationPaper


class PaperTable(back_office.Shown):
    noun, nouns = _("paper"), _("papers")
    columns = ("merchant", "kind", "number", "from_date", "until_date", "state", "entered_at", "decided_by")
    rows = ("issuer", "brand", "granted_by", "chain_level", "scope", "categories", "sha256", "entered_by", "decided_at", "replaces")
    list_filter = ("kind", "state")
    search_fields = ("number", "brand")


class PaperProductTable(back_office.Shown):
    noun, nouns = _("product that a paper covers"), _("products that papers cover")
    columns = ("paper", "product", "merchant")


class PaperWarningTable(back_office.Shown):
    noun, nouns = _("warning of a paper's end"), _("warnings of papers' ends")
    columns = ("paper", "merchant", "days", "is_told", "at")


class EntryRulesTable(back_office.Shown):
    noun, nouns = _("version of the entry rules"), _("versions of the entry rules")
    columns = ("version", "from_date", "because", "loaded_by", "loaded_at")


class ProgrammeEntryTable(back_office.Shown):
    noun, nouns = _("entry into the programme"), _("entries into the programme")
    columns = ("merchant", "product", "number", "state", "applied_at", "decided_by", "decided_at", "cleared_at", "return_date")
    rows = ("rules", "evidence", "applied_by", "cleared_by", "clear_reason")
    list_filter = ("state",)


back_office.tables([(QualificationPaper, PaperTable), (PaperProduct, PaperProductTable), (PaperWarning, PaperWarningTable)])
back_office.tables([(EntryRules, EntryRulesTable), (ProgrammeEntry, ProgrammeEntryTable)])
