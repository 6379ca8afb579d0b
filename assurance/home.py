"""What should I do next: every package offers steps, the front door shows them together.

The front door stands on the ground floor and may import nothing from above, so packages offer a function here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User


@dataclass(frozen=True)
class Step:
    """One thing to do: what, its consequence, by when, one verb."""

    title: str
    detail: str
    url: str
    verb: str
    tone: str = "wait"
    icon: str = "circle-dot"
    due_at: datetime | None = None


@dataclass(frozen=True)
class Figure:
    """One number of a home page that opens the rows behind it."""

    label: str
    value: int
    url: str


Offer = Callable[..., Iterable[Step]]
Count = Callable[..., Iterable[Figure]]
OFFERS: Final[list[Offer]] = []
COUNTS: Final[list[Count]] = []
MOST: Final = 12


def offers_steps(offer: Offer) -> Offer:
    """Register ``offer(user, *, at) -> steps`` of a package, in its ``queries.py``."""
    OFFERS.append(offer)
    return offer


def offers_figures(count: Count) -> Count:
    """Register ``count(user, *, at) -> figures`` of a package, in its ``queries.py``."""
    COUNTS.append(count)
    return count


def steps_for(user: User, *, at: datetime) -> list[Step]:
    """Return what this person should do next, the most urgent first."""
    steps = [step for offer in OFFERS for step in offer(user, at=at)]
    return sorted(steps, key=lambda step: (step.due_at is None, step.due_at or at, step.title))[:MOST]


def figures_for(user: User, *, at: datetime) -> list[Figure]:
    """Return the numbers of this person's home page."""
    return [figure for count in COUNTS for figure in count(user, at=at)]
