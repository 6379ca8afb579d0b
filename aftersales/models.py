"""This floor's tables by name, for Django; code imports them from their packages."""

from aftersales.cases.models import Case, CaseAppeal, CaseDecision, CaseLink, CaseMessage, CaseRating, Inquiry, Remedy
from aftersales.diagnosis.models import Diagnosis
from aftersales.reviews.models import BuyerReview
from aftersales.signals.models import SignalFinding, SignalSwitch

__all__ = [
    "BuyerReview",
    "Case",
    "CaseAppeal",
    "CaseDecision",
    "CaseLink",
    "CaseMessage",
    "CaseRating",
    "Diagnosis",
    "Inquiry",
    "Remedy",
    "SignalFinding",
    "SignalSwitch",
]
