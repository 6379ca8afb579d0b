"""Is the badge valid now? One answer, with one reason; anything unclear is not valid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SOON: Final = timedelta(days=14)
"""How long before its end a merchant is told that a badge runs out."""


class Status(StrEnum):
    VALID = "valid"
    UNKNOWN = "unknown"
    """We never issued such a code."""
    TAMPERED = "tampered"
    """The code was cut short, added to or made up: it fails its own check."""
    WRONG_PRODUCT = "wrong_product"
    """The code is ours, but of other goods than those it was found on."""
    NOT_YET = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    """The lot has a newer code."""
    REVOKED = "revoked"


@dataclass(frozen=True)
class Holding:
    """What is known about a badge at the moment of asking. ``lost_at``: since when a ground of the product's badge is lost."""

    issued_at: datetime
    valid_until: datetime
    revoked_at: datetime | None
    is_enrolled: bool
    stopped_at: datetime | None
    lost_at: datetime | None = None
    superseded_at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """Which goods the code was found on, as far as the asker says."""

    gtin: str = ""
    lot: str = ""

    def is_other_than(self, *, gtin: str, lot: str) -> bool:
        """Say whether this contradicts the badge. A GTIN may come in 8, 12, 13 or 14 digits: leading zeros do not count."""
        other_gtin = bool(self.gtin) and self.gtin.lstrip("0") != gtin.lstrip("0")
        return other_gtin or (bool(self.lot) and self.lot.strip().casefold() != lot.strip().casefold())


@dataclass(frozen=True)
class Validity:
    """The answer, and since when it holds if that is known."""

    status: Status
    since: datetime | None

    @property
    def is_valid(self) -> bool:
        return self.status is Status.VALID


def ends_soon(validity: Validity, valid_until: datetime, *, at: datetime) -> bool:
    """Say whether a valid badge is near its end. It changes nothing of the promise; it tells the merchant to send new goods."""
    return validity.is_valid and valid_until - at <= SOON


def judge(holding: Holding | None, *, at: datetime) -> Validity:
    """Say whether a badge is valid at this moment.

    The worst reason wins: what is revoked never comes back, so it is said before what is replaced, that before what is suspended, and
    that before what is merely old. A product that is no longer enrolled is suspended.
    """
    if holding is None:
        return Validity(Status.UNKNOWN, None)
    if holding.revoked_at is not None and holding.revoked_at <= at:
        return Validity(Status.REVOKED, holding.revoked_at)
    if holding.issued_at > at:
        return Validity(Status.NOT_YET, holding.issued_at)
    if holding.superseded_at is not None and holding.superseded_at <= at:
        return Validity(Status.SUPERSEDED, holding.superseded_at)
    if holding.stopped_at is not None:
        return Validity(Status.SUSPENDED, holding.stopped_at)
    if not holding.is_enrolled:
        return Validity(Status.SUSPENDED, None)
    if holding.lost_at is not None and holding.lost_at <= at:
        return Validity(Status.SUSPENDED, holding.lost_at)
    if holding.valid_until <= at:
        return Validity(Status.EXPIRED, holding.valid_until)
    return Validity(Status.VALID, holding.issued_at)
