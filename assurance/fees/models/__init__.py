"""Prices, what was metered, what it was charged, and what was billed."""

from assurance.fees.models.billing import CreditNote, Dispute, Statement
from assurance.fees.models.charges import Account, FeeLine, Posting
from assurance.fees.models.operations import Operation, RatingDue
from assurance.fees.models.rates import FeeKind, Rate, RateCard

__all__ = ["Account", "CreditNote", "Dispute", "FeeKind", "FeeLine", "Operation", "Posting", "Rate", "RateCard", "RatingDue", "Statement"]
