"""What pages and other floors ask about lots, where their units stand and in which bins they lie."""

from warehouse.stock.queries.bins import Place, bin_differences, find_bins, in_bins, on_hand, places_of
from warehouse.stock.queries.lots import (
    LotPage,
    Share,
    Stand,
    available,
    balance,
    differences,
    find,
    lot_page,
    stand_of,
    timeline,
)

__all__ = [
    "LotPage",
    "Place",
    "Share",
    "Stand",
    "available",
    "balance",
    "bin_differences",
    "differences",
    "find",
    "find_bins",
    "in_bins",
    "lot_page",
    "on_hand",
    "places_of",
    "stand_of",
    "timeline",
]
