"""Move goods from one custody to another and from bin to bin; nothing else writes the ledgers."""

from warehouse.stock.actions.ageing import (
    NotFromThePast,
    NotYours,
    SetAlready,
    TakenOn,
    decide_ending,
    look_after,
    queue_ending_lots,
    set_life_rule,
)
from warehouse.stock.actions.binning import NewBin, NoSuchBin, NotInBin, Placing, add_bins, fetch_from_bins, place
from warehouse.stock.actions.counting import Counted, cancel_count, count_again, open_count, post_count, record_counts
from warehouse.stock.actions.locking import hold_lots, lock_lot, lock_lots
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
    "Counted",
    "Incoming",
    "LotDiffers",
    "MovedOtherwise",
    "Moving",
    "NewBin",
    "NoSuchBin",
    "NoSuchMove",
    "NotCleared",
    "NotEnough",
    "NotFromThePast",
    "NotInBin",
    "NotYours",
    "OthersStop",
    "Placing",
    "RecallStays",
    "SetAlready",
    "TakenOn",
    "add_bins",
    "cancel_count",
    "count_again",
    "decide_ending",
    "fetch_from_bins",
    "hold",
    "hold_lots",
    "let_go",
    "lock_lot",
    "lock_lots",
    "look_after",
    "move",
    "move_all",
    "open_count",
    "place",
    "post_count",
    "queue_ending_lots",
    "recall",
    "record_counts",
    "set_life_rule",
    "take_in_all",
]
