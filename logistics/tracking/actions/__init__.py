"""What may be done with what couriers say: take it down, tell of it, measure by it."""

from logistics.tracking.actions.closing import close_days
from logistics.tracking.actions.floors import report_pickup_shares
from logistics.tracking.actions.measuring import report_delivery_facts
from logistics.tracking.actions.recording import Happening, Recorded, catch_up, record_events
from logistics.tracking.actions.telling import tell_of_exception, tell_of_late, tell_of_late_ones

__all__ = [
    "Happening",
    "Recorded",
    "catch_up",
    "close_days",
    "record_events",
    "report_delivery_facts",
    "report_pickup_shares",
    "tell_of_exception",
    "tell_of_late",
    "tell_of_late_ones",
]
