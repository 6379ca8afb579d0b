"""What an entry of the evidence says, in words that anybody may read: on public pages, on products and on lots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext

from assurance.templatetags.ui import day, number

Says = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One entry in words, with the tone it is drawn in."""

    title: str
    text: str = ""
    tone: str = "run"


def told(kind: str, says: Says) -> Told:
    """Return an entry in the language that is active now.

    :raises KeyError: for a kind without words; ``tests/assurance/evidence`` finds it before a reader does
    """
    return WORDS[kind](says)


def _verdict(says: Says) -> Told:
    counts = {"inspected": number(says["inspected"]), "defective": number(says["defective"])}
    text = gettext("%(inspected)s units inspected at random, %(defective)s with a defect.") % counts
    if says.get("verdict", "accept") == "accept":
        return Told(gettext("Inbound inspection: accepted"), text, "pass")
    return Told(gettext("Inbound inspection: not accepted"), text, "fail")


def _until(title: str, says: Says, tone: str) -> Told:
    until = says.get("valid_until")
    text = gettext("Holds until %(day)s.") % {"day": day(datetime.fromisoformat(until))} if until else ""
    return Told(title, text, tone)


WORDS: Final[Mapping[str, Callable[[Says], Told]]] = {
    "case_confirmed": lambda says: Told(gettext("A complaint was confirmed"), str(says.get("case", "")), "fail"),
    "inspection_verdict": _verdict,
    "badge_issued": lambda says: _until(gettext("Badge issued"), says, "run"),
    "badge_revoked": lambda says: Told(gettext("Badge revoked"), str(says.get("reason", "")), "fail"),
    "enrolment_approved": lambda says: _until(gettext("Product reviewed and enrolled"), says, "pass"),
    "enrolment_withdrawn": lambda says: Told(gettext("The merchant took the product back"), tone="gone"),  # noqa: ARG005
    "enrolment_expired": lambda says: Told(gettext("The enrolment ran out"), tone="gone"),  # noqa: ARG005
}
"""Kind → words. Whoever records a new kind writes its words here."""
