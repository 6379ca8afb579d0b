"""The way of an enrolment: begun, submitted, reviewed, ended. Whoever asks, every step goes through here."""

from assurance.enrollment.actions.ending import NotYet, expire, expire_run_out
from assurance.enrollment.actions.merchant import AlreadyEnrolled, Incomplete, begin, fill_in, start, submit, withdraw
from assurance.enrollment.actions.review import (
    AlreadyClaimed,
    BadReasons,
    ClaimedByAnother,
    NotClaimed,
    approve,
    claim,
    reject,
    release_claim,
    return_for_changes,
)

__all__ = [
    "AlreadyClaimed",
    "AlreadyEnrolled",
    "BadReasons",
    "ClaimedByAnother",
    "Incomplete",
    "NotClaimed",
    "NotYet",
    "approve",
    "begin",
    "claim",
    "expire",
    "expire_run_out",
    "fill_in",
    "reject",
    "release_claim",
    "return_for_changes",
    "start",
    "submit",
    "withdraw",
]
