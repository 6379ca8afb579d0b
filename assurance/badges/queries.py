"""What the public page and the lists show of badges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.badges.models import Badge, is_stopped
from assurance.badges.sides import NO_SIDES
from assurance.badges.strength import upper_bound
from assurance.badges.validity import Holding, Status, Validity, ends_soon, judge
from assurance.codes import is_public_code
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.evidence.models import EvidenceEntry
from assurance.evidence.queries import newest_checkpoint, story_of
from assurance.evidence.wording import told
from assurance.files.models import StoredFile
from assurance.gates.queries import stop_covering, stops_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.badges.models import BadgeQuerySet
    from assurance.evidence.models import Checkpoint
    from assurance.evidence.queries import Step
    from assurance.gates.models import Stop

CONFIDENCE: Final = 0.95
SIDE_NAMES: Final = (_("Inbound inspection"), _("Laboratory"), _("Outbound inspection"), _("Customer returns"))
NO_BADGE: Final = "none"
"""What a snapshot says of a product that had no badge."""
OF_PRODUCT: Final = ("enrolment_approved", "enrolment_withdrawn", "enrolment_expired")
"""Kinds of evidence about the product as a whole that belong to the story of a lot."""
WORDS: Final = {
    Status.VALID: _("Valid"),
    Status.SUSPENDED: _("Suspended"),
    Status.EXPIRED: _("Expired"),
    Status.REVOKED: _("Revoked"),
    Status.UNKNOWN: _("Unknown code"),
}
SEALS: Final = {
    Status.VALID: "valid",
    Status.SUSPENDED: "stopped",
    Status.EXPIRED: "expired",
    Status.REVOKED: "revoked",
}
TONES: Final = {
    Status.VALID: "pass",
    Status.SUSPENDED: "stop",
    Status.EXPIRED: "gone",
    Status.REVOKED: "fail",
    Status.UNKNOWN: "fail",
}
TABS: Final = {
    "": _("All"),
    Status.VALID: WORDS[Status.VALID],
    Status.SUSPENDED: WORDS[Status.SUSPENDED],
    Status.EXPIRED: WORDS[Status.EXPIRED],
    Status.REVOKED: WORDS[Status.REVOKED],
}


@dataclass(frozen=True)
class Verification:
    """Everything the public page says about one code at one moment."""

    code: str
    at: datetime
    validity: Validity
    badge: Badge | None = None
    stop: Stop | None = None

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
        """Tone, word and icon for the merchant, who must also know that it runs out soon; to a buyer it is simply valid."""
        return ("hold", gettext("Expires soon"), "hourglass") if self.ends_soon else (self.tone, self.word, "")

    @property
    def ends_soon(self) -> bool:
        return self.badge is not None and ends_soon(self.validity, self.badge.valid_until, at=self.at)

    @property
    def has_left(self) -> bool:
        """Whether the product takes no part any more, and nothing is stopped."""
        return self.validity.status is Status.SUSPENDED and self.stop is None

    @property
    def picture_id(self) -> int:
        """The picture that was submitted for review, or 0: what the seller changed since was looked at by nobody."""
        given = self.badge.enrolment.snapshot.get("files", {}).get("picture") if self.badge else None
        return int(given["id"]) if given else 0

    @property
    def at_most_percent(self) -> float | None:
        """Upper bound of defective units in percent with 95 % confidence, rounded up to one decimal."""
        if self.badge is None or not self.badge.inspected:
            return None
        bound = upper_bound(self.badge.inspected, self.badge.defective, CONFIDENCE) * 1000
        return (int(bound) + (bound > int(bound))) / 10


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


# --- one code -----------------------------------------------------------------------------------------------------
def verify(code: str, *, at: datetime) -> Verification:
    """Look a public code up and judge it now. Two queries; nothing is cached."""
    if not is_public_code(code):
        return Verification(code, at, judge(None, at=at))
    badge = Badge.objects.select_related("product__category", "merchant", "warehouse", "enrolment").filter(code=code).first()
    if badge is None:
        return Verification(code, at, judge(None, at=at))
    stop = stop_covering(
        merchant_id=badge.merchant_id,
        product_id=badge.product_id,
        warehouse_id=badge.warehouse_id,
        lot_id=badge.lot_id,
        at=at,
    )
    return judged(badge, stop, at=at)


def judged(badge: Badge, stop: Stop | None, *, at: datetime) -> Verification:
    """Judge a badge that has been read with its enrolment; ``stop`` is the oldest one in force that covers it."""
    holding = Holding(
        issued_at=badge.issued_at,
        valid_until=badge.valid_until,
        revoked_at=badge.revoked_at,
        is_enrolled=badge.enrolment.state == EnrolmentState.APPROVED,
        stopped_at=stop.opened_at if stop else None,
    )
    return Verification(badge.code, at, judge(holding, at=at), badge, stop)


def proof_of(badge: Badge) -> Proof:
    """Return what a badge stands on. Three queries."""
    steps = [step for step in story_of(lot_id=badge.lot_id, product_id=badge.product_id, also=OF_PRODUCT) if _belongs(step, badge)]
    proven = [mark == "1" for mark in badge.sides]
    return Proof(
        entries=[_entry(step) for step in reversed(steps)],
        sides=[(str(name), is_proven) for name, is_proven in zip(SIDE_NAMES, proven, strict=True)],
        checkpoint=newest_checkpoint(),
        seq=max((step.seq for step in steps if step.lot_id is not None and step.seq is not None), default=None),
    )


def _belongs(step: Step, badge: Badge) -> bool:
    """Say whether an entry is part of this badge's story: of its lot, or of the enrolment it was issued under."""
    return step.lot_id is not None or step.says.get("enrolment") == badge.enrolment.number


def _entry(step: Step) -> Entry:
    words = told(step.kind, step.says)
    return Entry(step.at, words.title, words.text, words.tone, step.seq)


def picture_of(code: str) -> StoredFile | None:
    """Return the one file that is public: the picture of the product as it was reviewed, of a badge that was really issued."""
    if not is_public_code(code):
        return None
    badge = Badge.objects.select_related("enrolment").filter(code=code).first()
    given = badge.enrolment.snapshot.get("files", {}).get("picture") if badge else None
    return StoredFile.objects.filter(pk=given["id"], media_type__startswith="image/").first() if given else None


# --- many ---------------------------------------------------------------------------------------------------------
def find(user: User, *, status: str = "", q: str = "", at: datetime) -> BadgeQuerySet:
    """Return the badges a user sees, found by lot, code or product, in one status now; newest first."""
    found: BadgeQuerySet = Badge.objects.visible_to(user).select_related("product", "merchant", "warehouse", "enrolment")
    if status:
        found = found.in_status(Status(status), at)
    return (found.called(q) if q else found).order_by("-id")


def judge_all(badges: list[Badge], *, at: datetime) -> list[Verification]:
    """Judge the badges of one page of a list, read with their enrolments. One query, whatever their number."""
    stops = stops_of((badge.merchant_id for badge in badges), at=at)
    return [judged(badge, next((stop for stop in stops if _covers(stop, badge)), None), at=at) for badge in badges]


def under_stop(stop: Stop, status: Status, *, at: datetime) -> list[Badge]:
    """Return the badges that a stop is about and that are in this status now."""
    narrowed = {"product_id": stop.product_id, "warehouse_id": stop.warehouse_id, "lot_id": stop.lot_id}
    about = {name: value for name, value in narrowed.items() if value is not None}
    return list(Badge.objects.filter(merchant_id=stop.merchant_id, **about).in_status(status, at).order_by("id"))


def best_of_each(product_ids: Collection[int], *, at: datetime) -> dict[int, Verification]:
    """Return for every product that had a badge at that moment the one that speaks for it: a valid one that holds longest, else the
    newest of the least bad. Two queries, whatever the number of products or lots.
    """
    bad = Case(When(revoked_at__lte=at, then=3), When(is_stopped(at), then=2), When(valid_until__lte=at, then=1), default=0)
    known = Badge.objects.filter(product_id__in=product_ids, issued_at__lte=at).select_related("enrolment", "warehouse")
    best = list(known.order_by("product_id", bad, "-valid_until", "-id").distinct("product_id"))
    return {one.badge.product_id: one for one in judge_all(best, at=at) if one.badge}


def snapshots(product_ids: Collection[int], at: datetime) -> dict[int, dict[str, Any]]:
    """Return what the badge of each product says at that moment, as an order keeps it for ever. Three queries; plain JSON values.

    A product without any badge says so: every product asked for has its answer.
    """
    best = best_of_each(set(product_ids), at=at)
    lots = [found.badge.lot_id for found in best.values() if found.badge]
    issued = dict(EvidenceEntry.objects.filter(kind="badge_issued", lot_id__in=lots).order_by("-id").values_list("lot_id", "id"))
    nothing = nothing_at(at)
    return {product_id: nothing | (kept_of(best[product_id], issued) if product_id in best else {}) for product_id in product_ids}


def nothing_at(at: datetime) -> dict[str, Any]:
    """Return what an order keeps where there was no badge."""
    nothing = {"status": NO_BADGE, "is_valid": False, "because": "", "badge_id": None, "code": "", "lot_id": None, "lot_number": ""}
    return nothing | {"valid_until": None, "sides": NO_SIDES, "evidence_entry_id": None, "checked_at": at.isoformat()}


def kept_of(found: Verification, issued: Mapping[int | None, int]) -> dict[str, Any]:
    """Return what an order keeps of a judged badge."""
    badge = found.badge
    assert badge is not None
    because = found.stop.because if found.stop else badge.revoked_reason if found.validity.status is Status.REVOKED else ""
    return {
        "status": str(found.validity.status),
        "is_valid": found.validity.is_valid,
        "because": because,
        "badge_id": badge.pk,
        "code": badge.code,
        "lot_id": badge.lot_id,
        "lot_number": badge.lot_number,
        "valid_until": badge.valid_until.isoformat(),
        "sides": found.sides,
        "evidence_entry_id": issued.get(badge.lot_id),
    }


def _covers(stop: Stop, badge: Badge) -> bool:
    return stop.covers(merchant_id=badge.merchant_id, product_id=badge.product_id, warehouse_id=badge.warehouse_id, lot_id=badge.lot_id)
