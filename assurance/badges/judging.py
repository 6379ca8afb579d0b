"""What is said of one code at one moment, from rows that have been read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.badges import strength
from assurance.badges.forgery import Flaw
from assurance.badges.sides import NO_SIDES
from assurance.badges.validity import Found, Holding, Status, Validity, ends_soon, judge
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.evidence.wording import told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assurance.badges.models import Badge, Tag
    from assurance.evidence.models import Checkpoint
    from assurance.evidence.queries import Step
    from assurance.gates.models import Stop

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SIDE_NAMES: Final = (_("Inbound inspection"), _("Laboratory"), _("Outbound inspection"), _("Customer returns"))
OF_PRODUCT: Final = ("enrolment_approved", "enrolment_withdrawn", "enrolment_expired")
"""Kinds of evidence about the product as a whole that belong to the story of a lot."""
WORDS: Final = {
    Status.VALID: _("Valid"),
    Status.SUSPENDED: _("Suspended"),
    Status.EXPIRED: _("Expired"),
    Status.REVOKED: _("Revoked"),
    Status.SUPERSEDED: _("Replaced"),
    Status.NOT_YET: _("Not valid yet"),
    Status.WRONG_PRODUCT: _("Wrong product"),
    Status.TAMPERED: _("Not a real code"),
    Status.UNKNOWN: _("Unknown code"),
}
SEALS: Final = {
    Status.VALID: "valid",
    Status.SUSPENDED: "stopped",
    Status.EXPIRED: "expired",
    Status.REVOKED: "revoked",
    Status.SUPERSEDED: "expired",
    Status.NOT_YET: "none",
    Status.WRONG_PRODUCT: "revoked",
}
TONES: Final = {
    Status.VALID: "pass",
    Status.SUSPENDED: "stop",
    Status.EXPIRED: "gone",
    Status.REVOKED: "fail",
    Status.SUPERSEDED: "gone",
    Status.NOT_YET: "wait",
    Status.WRONG_PRODUCT: "fail",
    Status.TAMPERED: "fail",
    Status.UNKNOWN: "fail",
}
TABS: Final[dict[str, Any]] = {
    "": _("All"),
    **{status: WORDS[status] for status in (Status.VALID, Status.SUSPENDED, Status.EXPIRED, Status.REVOKED, Status.SUPERSEDED)},
}


@dataclass(frozen=True)
class Verification:
    """Everything the public page says about one code at one moment. ``asked`` is what the asker holds in his hand."""

    code: str
    at: datetime
    validity: Validity
    badge: Badge | None = None
    stop: Stop | None = None
    tag: Tag | None = None
    asked: Found = field(default_factory=Found)
    flaw: Flaw = Flaw.NONE

    @property
    def seal(self) -> str:
        """Which of the seals to draw; an unknown code has none."""
        return SEALS.get(self.validity.status, "")

    @property
    def sides(self) -> str:
        return self.badge.sides if self.badge else NO_SIDES

    @property
    def tone(self) -> str:
        return TONES[self.validity.status]

    @property
    def word(self) -> str:
        return str(WORDS[self.validity.status])

    @property
    def own(self) -> tuple[str, str, str]:
        """Tone, word and icon for the merchant, who must also know what ends soon; to a buyer it is simply valid."""
        if self.is_warned:
            return "hold", gettext("At risk"), "alert-triangle"
        return ("hold", gettext("Expires soon"), "hourglass") if self.ends_soon else (self.tone, self.word, "")

    @property
    def ends_soon(self) -> bool:
        return self.badge is not None and ends_soon(self.validity, self.badge.valid_until, at=self.at)

    @property
    def is_warned(self) -> bool:
        """Whether the badge is valid and will be removed if nothing changes."""
        return self.validity.is_valid and self.tag is not None and self.tag.falls_at is not None

    @property
    def lost(self) -> list[dict[str, Any]]:
        """The grounds of the product's badge that do not hold now."""
        return [one for one in self.tag.lost if datetime.fromisoformat(one["falls_at"]) <= self.at] if self.tag else []

    @property
    def has_left(self) -> bool:
        """Whether the product takes no part any more, and nothing is stopped."""
        return self.validity.status is Status.SUSPENDED and self.stop is None and not self.has_lost

    @property
    def has_lost(self) -> bool:
        """Whether a ground of the product's badge is lost, and nothing worse."""
        enrolled = self.badge is not None and self.badge.enrolment.state == EnrolmentState.APPROVED
        return self.validity.status is Status.SUSPENDED and self.stop is None and enrolled and bool(self.lost)

    @property
    def because(self) -> str:
        """Why it does not hold, in the words of the record; nothing where the state says all."""
        status = self.validity.status
        if status is Status.REVOKED:
            return self.badge.revoked_reason if self.badge else ""
        if status is not Status.SUSPENDED:
            return ""
        return self.stop.because if self.stop else self.lost[0]["because"] if self.has_lost else ""

    @property
    def picture_id(self) -> int:
        """The picture that was submitted for review, or 0: what the seller changed since was looked at by nobody."""
        given = self.badge.enrolment.snapshot.get("files", {}).get("picture") if self.badge else None
        return int(given["id"]) if given else 0

    @property
    def days_old(self) -> int:
        """How many days ago the last units were inspected."""
        return max(0, (self.at - self.badge.inspected_at).days) if self.badge else 0

    @property
    def counted(self) -> tuple[int, int]:
        """How many units the sample still counts for, and how many of those are defective (``strength``)."""
        return strength.counted([(self.badge.inspected, self.badge.defective, self.days_old)]) if self.badge else (0, 0)

    @property
    def at_most_percent(self) -> float | None:
        """Upper bound of defective units in percent with 95 % confidence, rounded up to one decimal; it rises as the sample ages."""
        return strength.at_most_percent(*self.counted) if self.badge and self.badge.inspected else None


@dataclass(frozen=True)
class Entry:
    """One line of a badge's story; ``seq`` is its place in the log, nothing during its first second."""

    at: datetime
    title: str
    text: str
    tone: str
    seq: int | None


@dataclass(frozen=True)
class Proof:
    """What a badge stands on: the evidence of its lot, and the signed head of the log that holds it."""

    entries: list[Entry]
    sides: list[tuple[str, bool]]
    checkpoint: Checkpoint | None
    seq: int | None
    lab: dict[str, Any] | None = None
    """What the newest laboratory publication of the lot says."""

    @property
    def is_sealed(self) -> bool:
        """Whether the newest checkpoint already covers the newest entry of the lot."""
        return self.checkpoint is not None and self.seq is not None and self.seq < self.checkpoint.size

    @property
    def proven(self) -> int:
        """How many of the four sides are proven."""
        return sum(is_proven for _name, is_proven in self.sides)

    @property
    def root(self) -> str:
        return bytes(self.checkpoint.root).hex() if self.checkpoint else ""


def judged(badge: Badge, stop: Stop | None, tag: Tag | None = None, *, at: datetime, asked: Found | None = None) -> Verification:
    """Judge a badge that has been read with its enrolment; ``stop`` is the oldest one in force that covers it, ``tag`` its product's."""
    holding = Holding(
        issued_at=badge.issued_at,
        valid_until=badge.valid_until,
        revoked_at=badge.revoked_at,
        is_enrolled=badge.enrolment.state == EnrolmentState.APPROVED,
        stopped_at=stop.opened_at if stop else None,
        lost_at=tag.falls_at if tag else None,
        superseded_at=badge.superseded_at,
    )
    asked = asked or Found()
    is_other = asked.is_other_than(gtin=badge.product.gtin, lot=badge.lot_number) if asked != Found() else False
    validity = Validity(Status.WRONG_PRODUCT, None) if is_other else judge(holding, at=at)
    return Verification(badge.code, at, validity, badge, stop, tag, asked)


def proof_from(badge: Badge, story: Iterable[Step], checkpoint: Checkpoint | None) -> Proof:
    """Return what a badge stands on, from its lot's story and the newest head of the log."""
    steps = [step for step in story if _belongs(step, badge)]
    proven = [mark == "1" for mark in badge.sides]
    return Proof(
        entries=[_entry(step) for step in reversed(steps)],
        sides=[(str(name), is_proven) for name, is_proven in zip(SIDE_NAMES, proven, strict=True)],
        checkpoint=checkpoint,
        seq=max((step.seq for step in steps if step.lot_id is not None and step.seq is not None), default=None),
        lab=next((step.says for step in reversed(steps) if step.kind == "lab_publication"), None),
    )


def _belongs(step: Step, badge: Badge) -> bool:
    """Say whether an entry is part of this badge's story: of its lot, or of the enrolment it was issued under."""
    return step.lot_id is not None or step.says.get("enrolment") == badge.enrolment.number


def _entry(step: Step) -> Entry:
    words = told(step.kind, step.says)
    return Entry(step.at, words.title, words.text, words.tone, step.seq)


def today(at: datetime) -> date:
    """Return the day in China: that of packages and certificates."""
    return at.astimezone(SHANGHAI).date()
