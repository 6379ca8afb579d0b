"""Checklists, checks before sending and their days in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from qc.checks.models import CheckedGoods, Checklist, CheckPhoto, CheckShare, DayOfChecks, OutboundCheck, ParcelDraw


class ChecklistTable(back_office.Shown):
    noun, nouns = _("checklist"), _("checklists")
    columns = ("version", "stage", "product", "category", "from_date")
    list_filter = ("stage",)


class OutboundCheckTable(back_office.Shown):
    noun, nouns = _("outbound check"), _("outbound checks")
    columns = ("parcel", "attempt", "verdict", "warehouse", "inspector", "checked_at", "source")
    rows = ("merchant", "answers", "note", "clearance", "checklists")
    list_filter = ("verdict",)


class CheckedGoodsTable(back_office.Shown):
    noun, nouns = _("checked goods"), _("checked goods")
    columns = ("check_of", "product", "day_date", "day_of_checks")


class DayOfChecksTable(back_office.Shown):
    noun, nouns = _("day of checks"), _("days of checks")
    columns = ("product", "day_date", "part", "size", "root", "closed_at")


class CheckShareTable(back_office.Shown):
    noun, nouns = _("share of checks"), _("shares of checks")
    columns = ("percent", "warehouse", "merchant", "category", "reason", "set_by", "set_at")


class ParcelDrawTable(back_office.Shown):
    noun, nouns = _("draw of a parcel"), _("draws of parcels")
    columns = ("parcel", "percent", "ticket", "is_drawn", "drawn_at")


class CheckPhotoTable(back_office.Shown):
    noun, nouns = _("photo of a check"), _("photos of checks")
    columns = ("check_of", "checkpoint", "file")


back_office.tables(
    [
        (Checklist, ChecklistTable),
        (OutboundCheck, OutboundCheckTable),
        (CheckedGoods, CheckedGoodsTable),
        (DayOfChecks, DayOfChecksTable),
        (CheckPhoto, CheckPhotoTable),
        (CheckShare, CheckShareTable),
        (ParcelDraw, ParcelDrawTable),
    ]
)
