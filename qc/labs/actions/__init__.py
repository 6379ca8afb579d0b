"""Commit to a draw and make it; take, seal, send, receive, test, verify and publish samples; retest by the rule."""

from qc.labs.actions.finding import Found, begin_testing, enter_results
from qc.labs.actions.publishing import publish
from qc.labs.actions.reference import ScopeTerms, TieTerms, add_scopes, declare_ties, end_scope, load_tests
from qc.labs.actions.retests import Retesting, order_retest
from qc.labs.actions.rounds import draw_round, open_round
from qc.labs.actions.scheduling import schedule_what_is_demanded
from qc.labs.actions.taking import Sealing, Taking, Voiding, draw, seal, void
from qc.labs.actions.travelling import Arriving, Dispatching, dispatch, receive
from qc.labs.actions.verifying import Confirming, verify

__all__ = [
    "Arriving",
    "Confirming",
    "Dispatching",
    "Found",
    "Retesting",
    "ScopeTerms",
    "Sealing",
    "Taking",
    "TieTerms",
    "Voiding",
    "add_scopes",
    "begin_testing",
    "declare_ties",
    "dispatch",
    "draw",
    "draw_round",
    "end_scope",
    "enter_results",
    "load_tests",
    "open_round",
    "order_retest",
    "publish",
    "receive",
    "schedule_what_is_demanded",
    "seal",
    "verify",
    "void",
]
