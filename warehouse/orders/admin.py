"""Orders and parcels in the back office; recipients stay masked behind their order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from warehouse.orders.models import Allocation, Order, OrderLine, PackingRecord, Parcel, ParcelItem, Wave, WeightDeviation


class OrderTable(back_office.Shown):
    noun, nouns = _("order"), _("orders")
    columns = ("number", "source", "merchant", "state", "marketplace_state", "paid_at", "ship_by", "promised_at")
    rows = ("ordered_at", "clock_flags", "taken_at", "taken_by", "cancelled_at", "cancel_reason")
    list_filter = ("state", "source")
    search_fields = ("number",)


class OrderLineTable(back_office.Shown):
    noun, nouns = _("order line"), _("order lines")
    columns = ("order", "number", "merchant", "product", "quantity", "allocated", "unit_price", "freight")
    rows = ("badge",)


class ParcelTable(back_office.Shown):
    noun, nouns = _("parcel"), _("parcels")
    columns = ("id", "order", "merchant", "warehouse", "state", "ship_by", "packed_at", "handed_over_at", "delivered_at")
    rows = ("picker", "packed_by", "measured_weight_g", "clearance")
    list_filter = ("state",)


class AllocationTable(back_office.Shown):
    noun, nouns = _("allocation"), _("allocations")
    columns = ("at", "parcel", "product", "lot", "quantity", "state", "merchant", "warehouse")
    rows = ("order", "line")
    list_filter = ("state",)


class ParcelItemTable(back_office.Shown):
    noun, nouns = _("parcel item"), _("parcel items")
    columns = ("scanned_at", "parcel", "product", "lot", "quantity", "merchant", "warehouse")
    rows = ("allocation",)


class WaveTable(back_office.Shown):
    noun, nouns = _("wave"), _("waves")
    columns = ("id", "warehouse", "state", "planned_at", "started_at", "finished_at")
    rows = ("planned_by", "picker")
    list_filter = ("state",)


class WeightDeviationTable(back_office.Shown):
    noun, nouns = _("weight that stops"), _("weights that stop")
    columns = ("weighed_at", "parcel", "state", "expected_g", "measured_g", "merchant", "warehouse")
    rows = ("lowest_g", "highest_g", "rule", "packer", "weighed_by", "resolved_by", "resolved_at", "reason")
    list_filter = ("state",)


class PackingRecordTable(back_office.Shown):
    noun, nouns = _("packing record"), _("packing records")
    columns = ("recorded_at", "parcel", "file", "video_reference", "kept_until_date", "merchant", "warehouse")
    rows = ("recorded_by",)


back_office.tables(
    [
        (Order, OrderTable),
        (OrderLine, OrderLineTable),
        (Parcel, ParcelTable),
        (Allocation, AllocationTable),
        (ParcelItem, ParcelItemTable),
        (Wave, WaveTable),
        (WeightDeviation, WeightDeviationTable),
        (PackingRecord, PackingRecordTable),
    ]
)
