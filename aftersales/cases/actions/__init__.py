"""Everything that changes a case."""

from aftersales.cases.actions.deciding import Appeal, Proposal, appeal, decide, propose, send_back
from aftersales.cases.actions.handling import claim, close, close_finished, give_back, reopen, set_policy
from aftersales.cases.actions.inquiring import answer, ask, digest_of, judge_inquiry, object_to, rate
from aftersales.cases.actions.keeping import keep_parcel_records
from aftersales.cases.actions.measuring import report_satisfaction
from aftersales.cases.actions.opening import NewCase, NothingKnown, link_again, open_cases
from aftersales.cases.actions.remedying import Finished, finish_remedies, finish_returns
from aftersales.cases.actions.talking import Said, go_on, wake_waiting, write

__all__ = [
    "Appeal",
    "Finished",
    "NewCase",
    "NothingKnown",
    "Proposal",
    "Said",
    "answer",
    "appeal",
    "ask",
    "claim",
    "close",
    "close_finished",
    "decide",
    "digest_of",
    "finish_remedies",
    "finish_returns",
    "give_back",
    "go_on",
    "judge_inquiry",
    "keep_parcel_records",
    "link_again",
    "object_to",
    "open_cases",
    "propose",
    "rate",
    "reopen",
    "report_satisfaction",
    "send_back",
    "set_policy",
    "wake_waiting",
    "write",
]
