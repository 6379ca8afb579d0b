"""Goods on their way in: shipment notices, receipts, and what arrived otherwise than announced."""

from warehouse.inbound.models.discrepancies import KIND_CHOICES, REASON_CHOICES, RESOLUTION_CHOICES, Discrepancy, DiscrepancyQuerySet
from warehouse.inbound.models.notices import STATE_CHOICES, Receipt, ShipmentLine, ShipmentNotice, ShipmentNoticeQuerySet
from warehouse.inbound.models.slots import Booking, Slot

__all__ = [
    "KIND_CHOICES",
    "REASON_CHOICES",
    "RESOLUTION_CHOICES",
    "STATE_CHOICES",
    "Booking",
    "Discrepancy",
    "DiscrepancyQuerySet",
    "Receipt",
    "ShipmentLine",
    "ShipmentNotice",
    "ShipmentNoticeQuerySet",
    "Slot",
]
