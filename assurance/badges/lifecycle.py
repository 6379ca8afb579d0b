"""How a product or a shop carries the badge: tagged when it qualifies, warned when a ground is lost, untagged when the warning has run out.

Nobody applies and nobody closes it by hand. A failure of safety takes the badge at once, without a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

WARNING_DAYS: Final = 7
"""How long a shop keeps its badge after a ground was lost; for a product its category says it."""
SHOP_SHARE: Final = 0.8
"""Share of a shop's enrolled products that must hold a valid badge for the shop's own."""


class TagState(StrEnum):
    TAGGED = "tagged"
    WARNED = "warned"
    UNTAGGED = "untagged"


NEXT: Final[Mapping[TagState, frozenset[TagState]]] = {
    TagState.TAGGED: frozenset({TagState.WARNED, TagState.UNTAGGED}),
    TagState.WARNED: frozenset({TagState.TAGGED, TagState.UNTAGGED}),
    TagState.UNTAGGED: frozenset({TagState.TAGGED}),
}


@dataclass(frozen=True)
class Loss:
    """A ground that does not hold. ``since`` may lie ahead: a certificate that will end. ``because`` is a sentence for everybody."""

    code: str
    because: str
    since: datetime
    is_safety: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a tag stands: its state, when it falls if nothing changes, and why."""

    state: TagState
    falls_at: datetime | None
    lost: tuple[dict[str, Any], ...] = ()


def follow(before: Standing, losses: Iterable[Loss], *, at: datetime, days: int) -> Standing:
    """Return where a tag stands now. Each loss gets its own deadline when it is first seen and keeps it.

    What was untagged comes back only when no ground is lost any more.
    """
    known = {one["code"]: one for one in before.lost}
    lost = sorted(
        (_written(loss, known.get(loss.code), at=at, days=days) for loss in losses), key=lambda one: (one["falls_at"], one["code"])
    )
    if not lost:
        return Standing(TagState.TAGGED, None)
    falls_at = datetime.fromisoformat(lost[0]["falls_at"])
    if before.state is TagState.UNTAGGED:
        return Standing(TagState.UNTAGGED, min(falls_at, before.falls_at or falls_at), tuple(lost))
    return Standing(TagState.UNTAGGED if falls_at <= at else TagState.WARNED, falls_at, tuple(lost))


def _written(loss: Loss, known: Mapping[str, Any] | None, *, at: datetime, days: int) -> dict[str, Any]:
    fresh = loss.since if loss.is_safety else max(loss.since, at + timedelta(days=days))
    if loss.is_safety and fresh < at:
        fresh = at
    falls_at = min(fresh, datetime.fromisoformat(known["falls_at"])) if known else fresh
    return {
        "code": loss.code,
        "because": loss.because,
        "since": known["since"] if known else loss.since.isoformat(),
        "falls_at": falls_at.isoformat(),
        "is_safety": loss.is_safety,
    }


def shop_share(*, badged: int, enrolled: int) -> float:
    """Return the share of a shop's enrolled products that hold a valid badge; 0 without any."""
    return badged / enrolled if enrolled else 0.0
