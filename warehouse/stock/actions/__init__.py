"""Move goods from one custody to another and from bin to bin; nothing else writes the ledgers."""

from warehouse.stock.actions.binning import NewBin, NoSuchBin, NotInBin, Placing, add_bins, fetch_from_bins, place
from warehouse.stock.actions.locking import lock_lot, lock_lots
from warehouse.stock.actions.moving import (
    MovedOtherwise,
    Moving,
    NoSuchMove,
    NotCleared,
    NotEnough,
    move,
    move_all,
)
from warehouse.stock.actions.stopping import HOLD, RECALL, OthersStop, RecallStays, hold, let_go, recall
from warehouse.stock.actions.taking_in import Incoming, LotDiffers, take_in_all

__all__ = [
    "HOLD",
    "RECALL",
    "Incoming",
    "LotDiffers",
    "MovedOtherwise",
    "Moving",
    "NewBin",
    "NoSuchBin",
    "NoSuchMove",
    "NotCleared",
    "NotEnough",
    "NotInBin",
    "OthersStop",
    "Placing",
    "RecallStays",
    "add_bins",
    "fetch_from_bins",
    "hold",
    "let_go",
    "lock_lot",
    "lock_lots",
    "move",
    "move_all",
    "place",
    "recall",
    "take_in_all",
]
