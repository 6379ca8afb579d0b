"""What happened to an enrolment, for the people who read its history."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assurance.events.wording import WORDS


class Happened(NamedTuple):
    """A kind of event in words: what, on whose side, and the tone it is drawn in."""

    title: Promise
    side: Promise
    tone: str


MERCHANT: Final = _("Merchant")
REVIEW: Final = _("Review")
TIME: Final = _("System")


HISTORY: Final[Mapping[str, Happened]] = {
    kind: Happened(WORDS[kind], side, tone)
    for kind, side, tone in (
        ("enrollment.enrolment.started", MERCHANT, "wait"),
        ("enrollment.enrolment.submitted", MERCHANT, "run"),
        ("enrollment.enrolment.claimed", REVIEW, "run"),
        ("enrollment.enrolment.released", REVIEW, "wait"),
        ("enrollment.enrolment.returned", REVIEW, "hold"),
        ("enrollment.enrolment.approved", REVIEW, "pass"),
        ("enrollment.enrolment.rejected", REVIEW, "fail"),
        ("enrollment.enrolment.withdrawn", MERCHANT, "gone"),
        ("enrollment.enrolment.expired", TIME, "gone"),
    )
}
"""Kinds that are missing here are no part of the story."""
