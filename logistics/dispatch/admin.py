"""Waybills and hand-overs in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from logistics.dispatch.models import HandOver, Manifest, Waybill


class WaybillTable(back_office.Shown):
    noun, nouns = _("waybill"), _("waybills")
    columns = ("number", "state", "service", "parcel", "merchant", "warehouse", "zone", "billed_weight_g", "promised_delivery_date")
    rows = (
        "attempt",
        "rule",
        "because",
        "fee",
        "handed_over_at",
        "picked_up_at",
        "delivered_at",
        "incident",
        "responsible",
        "close_reason",
    )
    list_filter = ("state",)
    search_fields = ("number",)


class ManifestTable(back_office.Shown):
    noun, nouns = _("hand-over list"), _("hand-over lists")
    columns = ("handed_at", "service", "warehouse", "courier", "parcels", "handed_by")


class HandOverTable(back_office.Shown):
    noun, nouns = _("hand-over"), _("hand-overs")
    columns = ("handed_at", "waybill", "parcel", "merchant", "warehouse", "courier", "handed_by")
    rows = ("manifest", "clearance")


back_office.tables([(Waybill, WaybillTable), (Manifest, ManifestTable), (HandOver, HandOverTable)])
