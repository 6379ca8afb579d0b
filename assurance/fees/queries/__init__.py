"""What pages and other packages ask about fees."""

from assurance.fees.queries.disputes import find_disputes
from assurance.fees.queries.prices import Cards, card_rates, quote
from assurance.fees.queries.statements import (
    Preview,
    bundle,
    by_kind,
    canonical_rows,
    find,
    lines_of,
    preview,
    sources_of,
    statements_total,
    with_sums,
)

__all__ = [
    "Cards",
    "Preview",
    "bundle",
    "by_kind",
    "canonical_rows",
    "card_rates",
    "find",
    "find_disputes",
    "lines_of",
    "preview",
    "quote",
    "sources_of",
    "statements_total",
    "with_sums",
]
