"""Corrective actions in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from qc.quality.models import CorrectiveAction


class CorrectiveActionTable(back_office.Shown):
    noun, nouns = _("corrective action"), _("corrective actions")
    columns = ("product", "warehouse", "state", "demanded_at", "submitted_at", "decided_at", "decided_by")
    rows = ("merchant", "severity", "stop", "cause", "plan", "submitted_by", "decision_reason")
    list_filter = ("state",)


back_office.tables([(CorrectiveAction, CorrectiveActionTable)])
