"""Rules and what they found in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.signals.models import SignalFinding, SignalSwitch
from assurance import back_office


class SignalFindingTable(back_office.Shown):
    noun, nouns = _("finding of a rule"), _("findings of rules")
    columns = ("found_at", "rule", "score", "case", "merchant")


class SignalSwitchTable(back_office.Shown):
    noun, nouns = _("rule"), _("rules")
    columns = ("rule", "is_on", "changed_at", "changed_by", "reason")


back_office.tables([(SignalFinding, SignalFindingTable), (SignalSwitch, SignalSwitchTable)])
