"""Imports, exports and other long work in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.runs.models import Run


class RunTable(back_office.Shown):
    noun, nouns = _("import or export"), _("imports and exports")
    columns = ("kind", "organisation", "state", "done", "total", "errors", "started_by", "created_at")
    rows = ("started_at", "ended_at", "failure")
    list_filter = ("state",)


back_office.tables([(Run, RunTable)])
