"""What pages and actions ask about inspections and how strictly goods are inspected."""

from qc.inspections.queries.benches import (
    SCOPES,
    STOP_CODE,
    Bench,
    Catalogue,
    bench,
    defects_of,
    find,
    of_lot,
    uninspected_units,
)
from qc.inspections.queries.draws import drawn_units, is_blind, redraw
from qc.inspections.queries.points import Sheet, sheet
from qc.inspections.queries.scanned import opened_by
from qc.inspections.queries.severities import SeverityRow, severity_board

__all__ = [
    "SCOPES",
    "STOP_CODE",
    "Bench",
    "Catalogue",
    "SeverityRow",
    "Sheet",
    "bench",
    "defects_of",
    "drawn_units",
    "find",
    "is_blind",
    "of_lot",
    "opened_by",
    "redraw",
    "severity_board",
    "sheet",
    "uninspected_units",
]
