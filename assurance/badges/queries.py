"""What the public page and the lists show of badges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assurance.badges.models import Badge
from assurance.badges.strength import upper_bound
from assurance.badges.validity import Holding, Status, Validity, judge
from assurance.codes import is_public_code
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.gates.queries import stop_covering

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.gates.models import Stop

CONFIDENCE = 0.95
WORDS = {
    Status.VALID: _("Valid"),
    Status.SUSPENDED: _("Suspended"),
    Status.EXPIRED: _("Expired"),
    Status.REVOKED: _("Revoked"),
    Status.UNKNOWN: _("Unknown code"),
}


SEALS = {
    Status.VALID: "valid",
    Status.SUSPENDED: "stopped",
    Status.EXPIRED: "expired",
    Status.REVOKED: "revoked",
}
TONES = {
    Status.VALID: "pass",
    Status.SUSPENDED: "stop",
    Status.EXPIRED: "gone",
    Status.REVOKED: "fail",
    Status.UNKNOWN: "fail",
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
    def tone(self) -> str:
        return TONES[self.validity.status]

    @property
    def word(self) -> str:
        return str(WORDS[self.validity.status])

    @property
    def at_most_percent(self) -> float | None:
        """Upper bound of defective units in percent with 95 % confidence, rounded up to one decimal."""
        if self.badge is None or not self.badge.inspected:
            return None
        bound = upper_bound(self.badge.inspected, self.badge.defective, CONFIDENCE) * 1000
        return (int(bound) + (bound > int(bound))) / 10


def verify(code: str, *, at: datetime) -> Verification:
    """Look a public code up and judge it now. Two queries; nothing is cached."""
    badge = (
        Badge.objects.select_related("product__category", "merchant", "warehouse", "enrolment").filter(code=code).first()
        if is_public_code(code)
        else None
    )
    return judged(badge, code=code, at=at)


def judged(badge: Badge | None, *, code: str, at: datetime) -> Verification:
    """Judge a badge that has been read with its enrolment."""
    if badge is None:
        return Verification(code, at, judge(None, at=at))
    stop = stop_covering(
        merchant_id=badge.merchant_id,
        product_id=badge.product_id,
        warehouse_id=badge.warehouse_id,
        lot_id=badge.lot_id,
        at=at,
    )
    holding = Holding(
        issued_at=badge.issued_at,
        valid_until=badge.valid_until,
        revoked_at=badge.revoked_at,
        is_enrolled=badge.enrolment.state == EnrolmentState.APPROVED,
        stopped_at=stop.opened_at if stop else None,
    )
    return Verification(code, at, judge(holding, at=at), badge, stop)


def judge_all(badges: list[Badge], *, at: datetime) -> list[Verification]:
    """Judge the badges of one page of a list."""
    return [judged(badge, code=badge.code, at=at) for badge in badges]
