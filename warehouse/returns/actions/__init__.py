"""Announce, receive, identify and settle what customers send back."""

from warehouse.returns.actions.announcing import ExpectedReturn, announce_returns, cancel_return
from warehouse.returns.actions.identifying import match_return, receive_unidentified
from warehouse.returns.actions.measuring import report_return_rates
from warehouse.returns.actions.receiving import ArrivedReturn, ScannedUnit, receive_returns
from warehouse.returns.actions.settling import Settlement, grade_units, lock_units, settle_units
from warehouse.returns.actions.telling import tell_received

__all__ = [
    "ArrivedReturn",
    "ExpectedReturn",
    "ScannedUnit",
    "Settlement",
    "announce_returns",
    "cancel_return",
    "grade_units",
    "lock_units",
    "match_return",
    "receive_returns",
    "receive_unidentified",
    "report_return_rates",
    "settle_units",
    "tell_received",
]
