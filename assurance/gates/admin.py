"""Clearances and stops in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.gates.models import Clearance, Stop


class ClearanceTable(back_office.Shown):
    noun, nouns = _("clearance"), _("clearances")
    columns = ("at", "subject_kind", "subject_id", "stage", "tranche", "verdict", "organisation", "actor")
    rows = ("because",)
    list_filter = ("stage", "verdict")


class StopTable(back_office.Shown):
    noun, nouns = _("stop"), _("stops")
    columns = ("opened_at", "merchant", "product_id", "warehouse", "lot_id", "code", "until", "lifted_at")
    rows = ("because", "opened_by", "lifted_by", "lift_reason")
    search_fields = ("code",)


back_office.tables([(Clearance, ClearanceTable), (Stop, StopTable)])
