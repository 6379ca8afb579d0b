"""Fees on pages: statements and their lines, disputes, the books, what it would cost."""

from assurance.fees.views.books import cards, close_month, finalise, start_run, unrated
from assurance.fees.views.disputes import decide, dispute, dispute_line, dispute_list
from assurance.fees.views.simulating import simulator
from assurance.fees.views.statements import as_bundle, as_csv, line, preview, statement, statement_list

__all__ = [
    "as_bundle",
    "as_csv",
    "cards",
    "close_month",
    "decide",
    "dispute",
    "dispute_line",
    "dispute_list",
    "finalise",
    "line",
    "preview",
    "simulator",
    "start_run",
    "statement",
    "statement_list",
    "unrated",
]
