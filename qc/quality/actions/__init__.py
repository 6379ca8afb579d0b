"""Demand a corrective action, submit it, judge it."""

from qc.quality.actions.correcting import approve, demand, send_back, submit, tell

__all__ = ["approve", "demand", "send_back", "submit", "tell"]
