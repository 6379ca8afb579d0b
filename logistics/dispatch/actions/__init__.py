"""What may be done with parcels that are to leave: book, print, hand over, call off."""

from logistics.dispatch.actions.booking import Booking, choose_and_book
from logistics.dispatch.actions.calling_off import cancel_waybills
from logistics.dispatch.actions.handing import Handing, hand_over
from logistics.dispatch.actions.labels import print_label

__all__ = ["Booking", "Handing", "cancel_waybills", "choose_and_book", "hand_over", "print_label"]
