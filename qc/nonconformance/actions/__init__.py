"""Write down what failed, decide what becomes of it, carry that out."""

from qc.nonconformance.actions.carrying import Proof, carry_out
from qc.nonconformance.actions.closing import close_found, let_deadline_decide, past_due
from qc.nonconformance.actions.deciding import apply_default, apply_defaults, approve, end, end_concessions, refuse
from qc.nonconformance.actions.opening import Finding, open_all
from qc.nonconformance.actions.requesting import request_disposition, withdraw
from qc.nonconformance.actions.telling import tell_disposition, tell_opened

__all__ = [
    "Finding",
    "Proof",
    "apply_default",
    "apply_defaults",
    "approve",
    "carry_out",
    "close_found",
    "end",
    "end_concessions",
    "let_deadline_decide",
    "open_all",
    "past_due",
    "refuse",
    "request_disposition",
    "tell_disposition",
    "tell_opened",
    "withdraw",
]
