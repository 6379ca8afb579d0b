"""The tables of a case."""

from aftersales.cases.models.case import Case, CaseLink, CaseMessage
from aftersales.cases.models.decision import CaseAppeal, CaseDecision, Remedy
from aftersales.cases.models.inquiry import CaseRating, Inquiry

__all__ = ["Case", "CaseAppeal", "CaseDecision", "CaseLink", "CaseMessage", "CaseRating", "Inquiry", "Remedy"]
