"""Shipment notices and receipts in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from warehouse.inbound.models import Booking, Discrepancy, Receipt, ShipmentLine, ShipmentNotice, Slot


class ShipmentNoticeTable(back_office.Shown):
    noun, nouns = _("shipment notice"), _("shipment notices")
    columns = ("reference", "merchant", "warehouse", "state", "expected_date", "created_at", "closed_at")
    rows = ("created_by", "close_reason")
    list_filter = ("state",)
    search_fields = ("reference",)


class ShipmentLineTable(back_office.Shown):
    noun, nouns = _("shipment line"), _("shipment lines")
    columns = ("notice", "product", "lot_number", "produced_date", "expiry_date", "quantity", "cartons")
    rows = ("merchant", "warehouse")
    search_fields = ("lot_number",)


class ReceiptTable(back_office.Shown):
    noun, nouns = _("receipt"), _("receipts")
    columns = ("received_at", "lot", "product", "quantity", "merchant", "warehouse", "received_by")
    rows = ("line",)


class DiscrepancyTable(back_office.Shown):
    noun, nouns = _("discrepancy"), _("discrepancies")
    columns = ("found_at", "kind", "state", "quantity", "notice", "merchant", "warehouse", "owner", "resolution")
    rows = ("line", "found_by", "settled_by")
    list_filter = ("kind", "state")
    search_fields = ("lot_number",)


class SlotTable(back_office.Shown):
    noun, nouns = _("time slot"), _("time slots")
    columns = ("starts_at", "ends_at", "warehouse", "capacity", "booked")


class BookingTable(back_office.Shown):
    noun, nouns = _("booking"), _("bookings")
    columns = ("slot", "notice", "merchant", "warehouse", "booked_at", "given_up_at")
    rows = ("booked_by",)


back_office.tables(
    [
        (ShipmentNotice, ShipmentNoticeTable),
        (ShipmentLine, ShipmentLineTable),
        (Receipt, ReceiptTable),
        (Discrepancy, DiscrepancyTable),
        (Slot, SlotTable),
        (Booking, BookingTable),
    ]
)
