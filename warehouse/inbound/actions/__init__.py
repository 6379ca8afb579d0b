"""Announce goods and call them off (the merchant); take them in, and settle what differs (the warehouse)."""

from warehouse.inbound.actions.announcing import AnnouncedLine, NewNotice, announce_shipment, announce_shipments, cancel_shipment
from warehouse.inbound.actions.booking import NoSuchSlot, book_slot, give_up_slot, open_slots
from warehouse.inbound.actions.differing import hand_over, put_aside, report, settle
from warehouse.inbound.actions.door import Arrival
from warehouse.inbound.actions.filing import announce_file
from warehouse.inbound.actions.receiving import Received, close_receiving, receive, receive_all
from warehouse.inbound.actions.scanning import read_scan, scanned_arrival
from warehouse.inbound.actions.telling import tell_found, tell_handed_over, tell_settled

__all__ = [
    "AnnouncedLine",
    "Arrival",
    "NewNotice",
    "NoSuchSlot",
    "Received",
    "announce_file",
    "announce_shipment",
    "announce_shipments",
    "book_slot",
    "cancel_shipment",
    "close_receiving",
    "give_up_slot",
    "hand_over",
    "open_slots",
    "put_aside",
    "read_scan",
    "receive",
    "receive_all",
    "report",
    "scanned_arrival",
    "settle",
    "tell_found",
    "tell_handed_over",
    "tell_settled",
]
