"""What pages and other floors ask about lots, where their units stand and in which bins they lie."""

from warehouse.stock.queries.ageing import Least, LifeRules, as_candidate, due_to_end, emptied, ending_lots, life_rules
from warehouse.stock.queries.bins import Place, bin_differences, custodies, find_bins, in_bins, on_hand, places_of
from warehouse.stock.queries.candidates import ALL, Free, free_lots
from warehouse.stock.queries.counts import accuracy_of, find_counts, found_lots, places_to_count, units_at
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
from warehouse.stock.queries.reconciling import Reconciliation, Sums, reconciliation

__all__ = [
    "ALL",
    "Free",
    "Least",
    "LifeRules",
    "LotPage",
    "Place",
    "Reconciliation",
    "Share",
    "Stand",
    "Sums",
    "accuracy_of",
    "as_candidate",
    "available",
    "balance",
    "bin_differences",
    "custodies",
    "differences",
    "due_to_end",
    "emptied",
    "ending_lots",
    "find",
    "find_bins",
    "find_counts",
    "found_lots",
    "free_lots",
    "in_bins",
    "life_rules",
    "lot_page",
    "on_hand",
    "places_of",
    "places_to_count",
    "reconciliation",
    "stand_of",
    "timeline",
    "units_at",
]
