"""What happened to an enrolment, for the people who read its history."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Happened(NamedTuple):
    """A kind of event in words, and the tone it is drawn in."""

    title: Promise
    tone: str


HISTORY: Final[Mapping[str, Happened]] = {
    "enrollment.enrolment.started": Happened(_("Draft begun"), "wait"),
    "enrollment.enrolment.submitted": Happened(_("Submitted for review"), "run"),
    "enrollment.enrolment.claimed": Happened(_("Review begun"), "run"),
    "enrollment.enrolment.released": Happened(_("Review handed back"), "wait"),
    "enrollment.enrolment.returned": Happened(_("Returned for changes"), "hold"),
    "enrollment.enrolment.approved": Happened(_("Approved"), "pass"),
    "enrollment.enrolment.rejected": Happened(_("Rejected"), "fail"),
    "enrollment.enrolment.withdrawn": Happened(_("Withdrawn"), "gone"),
    "enrollment.enrolment.expired": Happened(_("Expired"), "gone"),
}
"""Kinds that are missing here are no part of the story."""
