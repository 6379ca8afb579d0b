"""Announce goods and call them off (the merchant); take them in (the warehouse)."""

from warehouse.inbound.actions.announcing import AnnouncedLine, NewNotice, announce_shipment, announce_shipments, cancel_shipment
from warehouse.inbound.actions.receiving import Arrival, Received, close_receiving, receive, receive_all

__all__ = [
    "AnnouncedLine",
    "Arrival",
    "NewNotice",
    "Received",
    "announce_shipment",
    "announce_shipments",
    "cancel_shipment",
    "close_receiving",
    "receive",
    "receive_all",
]
