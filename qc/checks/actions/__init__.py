"""Keep the checklists, check parcels before they leave, close the days."""

from qc.checks.actions.checking import ParcelCheck, check_parcels
from qc.checks.actions.closing import close_days
from qc.checks.actions.drawing import draw_parcels, draw_waiting, set_share
from qc.checks.actions.listing import load_checklists
from qc.checks.actions.photographs import Picture, store_pictures
from qc.checks.actions.righting import apply_defaults, close_of_cancelled

__all__ = [
    "ParcelCheck",
    "Picture",
    "apply_defaults",
    "check_parcels",
    "close_days",
    "close_of_cancelled",
    "draw_parcels",
    "draw_waiting",
    "load_checklists",
    "set_share",
    "store_pictures",
]
