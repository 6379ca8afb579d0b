"""Orders and parcels in the back office; recipients stay masked behind their order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from warehouse.orders.models import Allocation, Order, OrderLine, Parcel, ParcelItem


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


back_office.tables(
    [
        (Order, OrderTable),
        (OrderLine, OrderLineTable),
        (Parcel, ParcelTable),
        (Allocation, AllocationTable),
        (ParcelItem, ParcelItemTable),
    ]
)
