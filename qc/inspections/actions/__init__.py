"""Open an inspection, claim it, record units; the verdict follows by itself."""

from qc.inspections.actions.catalogue import load_defects
from qc.inspections.actions.claiming import claim, give_back
from qc.inspections.actions.opening import open_inspection
from qc.inspections.actions.recording import FoundUnit, Recorded, record_units, take_back_unit
from qc.inspections.actions.telling import tell_of_waiting_goods, tell_verdict

__all__ = [
    "FoundUnit",
    "Recorded",
    "claim",
    "give_back",
    "load_defects",
    "open_inspection",
    "record_units",
    "take_back_unit",
    "tell_of_waiting_goods",
    "tell_verdict",
]
