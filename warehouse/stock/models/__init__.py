"""Lots and their double-entry ledger; bins with one of their own."""

from warehouse.stock.models.ageing import END_DEEDS, END_STATES, LIFE_PURPOSES, PART_OF_A_LIFE, SWAP_REASONS, EndingLot, LifeRule
from warehouse.stock.models.bins import BIN_KINDS, BIN_REASONS, WAITING, Bin, BinBalance, BinMove
from warehouse.stock.models.counts import COUNT_REASONS, COUNT_STATES, CountLine, CycleCount
from warehouse.stock.models.ledger import CUSTODY_LABELS, REASONS, Lot, LotQuerySet, StockBalance, StockMove, of_own_side

__all__ = [
    "BIN_KINDS",
    "BIN_REASONS",
    "COUNT_REASONS",
    "COUNT_STATES",
    "CUSTODY_LABELS",
    "END_DEEDS",
    "END_STATES",
    "LIFE_PURPOSES",
    "PART_OF_A_LIFE",
    "REASONS",
    "SWAP_REASONS",
    "WAITING",
    "Bin",
    "BinBalance",
    "BinMove",
    "CountLine",
    "CycleCount",
    "EndingLot",
    "LifeRule",
    "Lot",
    "LotQuerySet",
    "StockBalance",
    "StockMove",
    "of_own_side",
]
