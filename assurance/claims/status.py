"""What a claim is worth on a day: a pure function of its evidence and of what was found about it. Nobody sets it by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from assurance.claims.kinds import SUPPORT, Basis, ClaimKind

if TYPE_CHECKING:
    from collections.abc import Sequence


class Status(StrEnum):
    UNSUPPORTED = "unsupported"
    DECLARED = "declared"
    DOCUMENTED = "documented"
    LAB_VERIFIED = "lab_verified"
    REFUTED = "refuted"
    EXPIRED = "expired"


class Grade(StrEnum):
    """How far an accusation against a claim has come: raised, found true, found untrue. The three are kept apart."""

    ALLEGED = "alleged"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"


SUPPORTED: Final = frozenset({Status.DOCUMENTED, Status.LAB_VERIFIED})
"""Only these are shown to people who sell or buy."""


def has_fallen(before: str, after: str) -> bool:
    """Say whether a claim that was shown must be shown no longer: those who chose the product must hear of it."""
    return before in SUPPORTED and after not in SUPPORTED


class Because(StrEnum):
    """Why a claim stands as it does."""

    NOTHING = "nothing"
    STATED = "stated"
    OTHER_KIND = "other_kind"
    DOCUMENT = "document"
    CERTIFICATE = "certificate"
    SUBMITTED_SAMPLE = "submitted_sample"
    DRAWN_SAMPLE = "drawn_sample"
    MEASURED_OTHERWISE = "measured_otherwise"
    CONFIRMED = "confirmed"
    RAN_OUT = "ran_out"
    TAKEN_AWAY = "taken_away"


@dataclass(frozen=True)
class Link:
    """One piece of evidence. ``until`` is its last day. ``agrees`` tells of a laboratory's value whether it fits the claim, ``is_drawn``
    whether the sample was drawn and not sent in. ``holds`` is false for a certificate that was suspended or withdrawn."""

    number: int
    basis: Basis
    since: date
    until: date | None = None
    agrees: bool = True
    is_drawn: bool = False
    holds: bool = True

    def is_good_on(self, day: date) -> bool:
        return self.holds and self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Finding:
    """What somebody found about an accusation against the claim."""

    number: int
    grade: Grade
    on: date


@dataclass(frozen=True)
class Standing:
    """The answer with its reason: the number of the link or finding that decides, what is still alleged, the last day it is sure."""

    status: Status
    because: Because
    link: int | None = None
    finding: int | None = None
    alleged: tuple[int, ...] = ()
    until: date | None = None

    @property
    def is_supported(self) -> bool:
        return self.status in SUPPORTED


def status(kind: ClaimKind, links: Sequence[Link], findings: Sequence[Finding], day: date) -> Standing:
    """Judge a claim on a day.

    A confirmed accusation, or the newest laboratory value that does not fit, refutes it, and no time heals that; a later finding that the
    accusation was untrue, or a newer value that fits, does. A drawn sample verifies; a certificate, a paper or a sample that was sent in
    documents; what once supported it and ended leaves it expired. An allegation alone changes nothing and is told beside the status.
    """
    alleged = _still_alleged(findings)
    if (decided := _decided(findings)) and decided.grade is Grade.CONFIRMED:
        return Standing(Status.REFUTED, Because.CONFIRMED, finding=decided.number, alleged=alleged)
    counting = [link for link in links if link.basis in SUPPORT[kind] and link.since <= day]
    measured = max((link for link in counting if link.basis is Basis.LAB), key=lambda link: (link.since, link.number), default=None)
    if measured and not measured.agrees:
        return Standing(Status.REFUTED, Because.MEASURED_OTHERWISE, measured.number, alleged=alleged)
    found = _supported(counting, day) or _fallen(counting) or _stated(links, day)
    return Standing(found.status, found.because, found.link, None, alleged, _sure_until(found, links, day))


def _decided(findings: Sequence[Finding]) -> Finding | None:
    """Return the newest finding that decided something."""
    return max((one for one in findings if one.grade is not Grade.ALLEGED), key=lambda one: (one.on, one.number), default=None)


def _still_alleged(findings: Sequence[Finding]) -> tuple[int, ...]:
    """Return what was raised after the newest decision."""
    decided = _decided(findings)
    after = (decided.on, decided.number) if decided else (date.min, 0)
    return tuple(one.number for one in findings if one.grade is Grade.ALLEGED and (one.on, one.number) > after)


def _supported(counting: Sequence[Link], day: date) -> Standing | None:
    good = [link for link in counting if link.is_good_on(day) and link.agrees]
    drawn = [link for link in good if link.basis is Basis.LAB and link.is_drawn]
    best = _longest(drawn) or _longest(good)
    if best is None:
        return None
    if drawn:
        return Standing(Status.LAB_VERIFIED, Because.DRAWN_SAMPLE, best.number, until=best.until)
    because = {Basis.LAB: Because.SUBMITTED_SAMPLE, Basis.CERTIFICATE: Because.CERTIFICATE}.get(best.basis, Because.DOCUMENT)
    return Standing(Status.DOCUMENTED, because, best.number, until=best.until)


def _fallen(counting: Sequence[Link]) -> Standing | None:
    """Return what is left of support that is over."""
    last = max(counting, key=lambda link: (link.until or date.max, link.number), default=None)
    if last is None:
        return None
    return Standing(Status.EXPIRED, Because.RAN_OUT if last.holds else Because.TAKEN_AWAY, last.number)


def _stated(links: Sequence[Link], day: date) -> Standing:
    begun = [link for link in links if link.since <= day]
    other = any(link.basis is not Basis.STATED for link in begun)
    if any(link.basis is Basis.STATED for link in begun):
        return Standing(Status.DECLARED, Because.OTHER_KIND if other else Because.STATED)
    return Standing(Status.UNSUPPORTED, Because.OTHER_KIND if other else Because.NOTHING)


def _longest(links: Sequence[Link]) -> Link | None:
    return max(links, key=lambda link: (link.until or date.max, link.number), default=None)


def _sure_until(found: Standing, links: Sequence[Link], day: date) -> date | None:
    """Return the last day on which nothing can change by time alone: its own end, or the day before the next evidence begins."""
    begins = [link.since - timedelta(days=1) for link in links if link.since > day]
    return min([*begins, *([found.until] if found.until else [])], default=None)
