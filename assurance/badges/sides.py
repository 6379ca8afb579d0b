"""Which of the four sides of the seal are proven, from what the evidence holds about a lot and its product."""

from collections.abc import Iterable
from typing import Final

NO_SIDES: Final = "0000"
LAB: Final = "lab_publication"
OUTBOUND: Final = "outbound_checks"
RETURNS: Final = "return_graded"
KINDS: Final = (LAB, OUTBOUND, RETURNS)
"""Kinds of evidence beyond the inbound inspection, without which there is no badge at all."""
PASSES: Final = frozenset({"pass", "warning"})
"""Verdicts of a laboratory that let a lot stand."""


def sides(*, lab_verdict: str, kinds: Iterable[str]) -> str:
    """Return the four marks: inbound, laboratory, outbound, returns. ``lab_verdict`` is the lot's newest, or nothing."""
    known = frozenset(kinds)
    marks = (True, lab_verdict in PASSES, OUTBOUND in known, RETURNS in known)
    return "".join("1" if mark else "0" for mark in marks)
