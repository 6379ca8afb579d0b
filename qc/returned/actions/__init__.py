"""Inspect what came back, decide what becomes of it, report the shares of grades."""

from qc.returned.actions.disposing import Disposal, dispose
from qc.returned.actions.failing import apply_defaults
from qc.returned.actions.inspecting import ReturnCheck, inspect_returns
from qc.returned.actions.measuring import report_grades
from qc.returned.actions.telling import tell_graded

__all__ = ["Disposal", "ReturnCheck", "apply_defaults", "dispose", "inspect_returns", "report_grades", "tell_graded"]
