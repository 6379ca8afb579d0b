"""Open an inspection, claim it, record units; the verdict follows by itself."""

from qc.inspections.actions.answering import AnsweredLot, answer_all, answer_points
from qc.inspections.actions.catalogue import load_defects
from qc.inspections.actions.claiming import Case, claim, claim_all, give_back
from qc.inspections.actions.judging import Recorded
from qc.inspections.actions.opening import Opening, open_all, open_inspection, open_waiting
from qc.inspections.actions.recording import FoundSample, FoundUnit, record_all, record_units, take_back_unit
from qc.inspections.actions.severities import change_conditions
from qc.inspections.actions.telling import tell_of_waiting_goods, tell_verdict

__all__ = [
    "AnsweredLot",
    "Case",
    "FoundSample",
    "FoundUnit",
    "Opening",
    "Recorded",
    "answer_all",
    "answer_points",
    "change_conditions",
    "claim",
    "claim_all",
    "give_back",
    "load_defects",
    "open_all",
    "open_inspection",
    "open_waiting",
    "record_all",
    "record_units",
    "take_back_unit",
    "tell_of_waiting_goods",
    "tell_verdict",
]
