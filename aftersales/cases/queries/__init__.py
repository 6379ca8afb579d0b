"""What screens and actions ask of cases and of what belongs to them."""

from aftersales.cases.queries.chain import LinkedRecord, chain
from aftersales.cases.queries.finding import LOT, ORDER, PARCEL, RETURN, SAMPLE, UNIT, called, records_about, standing_of_rules
from aftersales.cases.queries.reading import (
    BuyerPage,
    CasePage,
    buyer_page,
    case_page,
    case_rates,
    counts,
    evidence_choices,
    find,
    first_tab,
    inquiry_behind,
    order_of_buyer,
    tabs_of,
)

__all__ = [
    "LOT",
    "ORDER",
    "PARCEL",
    "RETURN",
    "SAMPLE",
    "UNIT",
    "BuyerPage",
    "CasePage",
    "LinkedRecord",
    "buyer_page",
    "called",
    "case_page",
    "case_rates",
    "chain",
    "counts",
    "evidence_choices",
    "find",
    "first_tab",
    "inquiry_behind",
    "order_of_buyer",
    "records_about",
    "standing_of_rules",
    "tabs_of",
]
