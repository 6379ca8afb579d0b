"""Lots and their double-entry ledger; bins with one of their own."""

from warehouse.stock.models.bins import BIN_KINDS, BIN_REASONS, Bin, BinBalance, BinMove
from warehouse.stock.models.ledger import CUSTODY_LABELS, REASONS, Lot, LotQuerySet, StockBalance, StockMove, of_own_side

__all__ = [
    "BIN_KINDS",
    "BIN_REASONS",
    "CUSTODY_LABELS",
    "REASONS",
    "Bin",
    "BinBalance",
    "BinMove",
    "Lot",
    "LotQuerySet",
    "StockBalance",
    "StockMove",
    "of_own_side",
]
