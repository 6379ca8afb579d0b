"""Tracking events in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from logistics.tracking.models import DeliveredGoods, DeliveryDay, TrackingEvent


class TrackingEventTable(back_office.Shown):
    noun, nouns = _("tracking event"), _("tracking events")
    columns = ("occurred_at", "waybill", "status", "incident", "responsible", "place", "source", "clock_suspect")
    rows = ("raw_status", "source_key", "received_at", "recorded_by", "merchant", "courier")
    list_filter = ("status",)
    search_fields = ("waybill__number",)


class DeliveryDayTable(back_office.Shown):
    noun, nouns = _("day of deliveries"), _("days of deliveries")
    columns = ("day_date", "product", "part", "size", "root", "closed_at")
    rows = ("merchant", "evidence_entry_id")


class DeliveredGoodsTable(back_office.Shown):
    noun, nouns = _("delivered goods"), _("delivered goods")
    columns = ("delivery_day", "waybill", "product", "position")
    rows = ("says", "merchant", "courier")


back_office.tables([(TrackingEvent, TrackingEventTable), (DeliveryDay, DeliveryDayTable), (DeliveredGoods, DeliveredGoodsTable)])
