"""May a streamer choose this product now? One answer, with one reason and when that may change."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Obstacle(StrEnum):
    """Why a product cannot be chosen; the worst first."""

    NONE = ""
    NOT_ENROLLED = "not_enrolled"
    REVOKED = "badge_revoked"
    SUSPENDED = "badge_suspended"
    EXPIRED = "badge_expired"
    NO_BADGE = "no_badge"
    NO_STOCK = "no_stock"


OF_STATUS = {
    "valid": Obstacle.NONE,
    "suspended": Obstacle.SUSPENDED,
    "revoked": Obstacle.REVOKED,
    "expired": Obstacle.EXPIRED,
    "none": Obstacle.NO_BADGE,
}
"""What a status of the badge means for choosing."""


@dataclass(frozen=True)
class Standing:
    """The answer; ``because`` is the stop's own sentence, ``until`` when the stop ends by itself, if that is known."""

    obstacle: Obstacle
    because: str = ""
    until: datetime | None = None

    @property
    def may_be_chosen(self) -> bool:
        return self.obstacle is Obstacle.NONE


def stand(*, is_listed: bool, badge_status: str, sellable_units: int, because: str = "", until: datetime | None = None) -> Standing:
    """Say whether a product can be chosen. An unknown status of the badge is no badge."""
    if not is_listed:
        return Standing(Obstacle.NOT_ENROLLED)
    of_badge = OF_STATUS.get(badge_status, Obstacle.NO_BADGE)
    if of_badge is not Obstacle.NONE:
        return Standing(of_badge, because, until)
    return Standing(Obstacle.NO_STOCK if sellable_units <= 0 else Obstacle.NONE)


def has_fallen(before: str, after: str) -> bool:
    """Say whether a badge that was valid is so no longer: those who chose the product must hear of it."""
    return before == "valid" and after != "valid"


def strength_of(sides: str) -> int:
    """Return how many of the four sides are proven."""
    return sides.count("1")
