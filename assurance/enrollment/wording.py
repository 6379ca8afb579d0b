"""What happened to an enrolment, for the people who read its history."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Happened(NamedTuple):
    """A kind of event in words: what, on whose side, and the tone it is drawn in."""

    title: Promise
    side: Promise
    tone: str


MERCHANT: Final = _("Merchant")
REVIEW: Final = _("Review")
TIME: Final = _("System")


HISTORY: Final[Mapping[str, Happened]] = {
    "enrollment.enrolment.started": Happened(_("Draft begun"), MERCHANT, "wait"),
    "enrollment.enrolment.submitted": Happened(_("Submitted for review"), MERCHANT, "run"),
    "enrollment.enrolment.claimed": Happened(_("Review begun"), REVIEW, "run"),
    "enrollment.enrolment.released": Happened(_("Review handed back"), REVIEW, "wait"),
    "enrollment.enrolment.returned": Happened(_("Returned for changes"), REVIEW, "hold"),
    "enrollment.enrolment.approved": Happened(_("Approved"), REVIEW, "pass"),
    "enrollment.enrolment.rejected": Happened(_("Rejected"), REVIEW, "fail"),
    "enrollment.enrolment.withdrawn": Happened(_("Withdrawn"), MERCHANT, "gone"),
    "enrollment.enrolment.expired": Happened(_("Expired"), TIME, "gone"),
}
"""Kinds that are missing here are no part of the story."""
