"""Announce goods and call them off (the merchant); take them in (the warehouse)."""

from warehouse.inbound.actions.announcing import AnnouncedLine, announce_shipment, cancel_shipment
from warehouse.inbound.actions.receiving import Received, close_receiving, receive

__all__ = ["AnnouncedLine", "Received", "announce_shipment", "cancel_shipment", "close_receiving", "receive"]
