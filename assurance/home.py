"""What a person's home page holds: what to do next, and how things stand.

The front door is on the ground floor and may import nothing from above, so packages offer their part here, in their ``home.py``
(steps also in ``queries.py``). A panel is drawn by a fragment of the package, ``templates/<package>/_home_….html``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from assurance.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import Promise

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
class Panel:
    """How something stands: a title, the fragment that draws it, and what the fragment finds under ``shown``.

    ``note`` stands beside the title; ``url`` and ``more`` lead to the whole list.
    """

    title: str
    template: str
    shown: Any = None
    note: str = ""
    url: str = ""
    more: str = ""


Offer = Callable[..., Iterable[Step]]
Show = Callable[..., Panel]


@dataclass(frozen=True)
class Stand:
    """Where a panel stands on the home pages of some roles: the lower ``place`` the further up, ``columns`` of twelve."""

    roles: frozenset[str]
    place: int
    columns: int
    show: Show


OFFERS: Final[list[Offer]] = []
STANDS: Final[list[Stand]] = []
MOST: Final = 8
URGENCY: Final = ("fail", "stop", "hold", "run", "wait", "pass", "gone")
BESIDE: Final = 4
"""Columns of a panel that stands beside the steps, if it is the first one."""

WHEN_NOTHING_WAITS: Final[Mapping[str, Promise]] = {
    Role.AUDITOR: _("You may read everything and change nothing. Nothing here waits for you."),
}
"""What a role hears that nobody gives anything to do; the others are told that something may come."""


def offers_steps(offer: Offer) -> Offer:
    """Register ``offer(user, *, at) -> steps`` of a package."""
    OFFERS.append(offer)
    return offer


def offers_panel(roles: Iterable[str], *, place: int, columns: int) -> Callable[[Show], Show]:
    """Register ``show(user, *, at) -> Panel`` for these roles. At most two queries, whatever the number of rows behind it.

    The columns of a role's panels fill whole rows of twelve; ``tests/assurance/home`` adds them up.
    """

    def register(show: Show) -> Show:
        STANDS.append(Stand(frozenset(roles), place, columns, show))
        return show

    return register


def stands_of(role: str) -> list[Stand]:
    """Return which panels a role's home page has, in their order."""
    return sorted((stand for stand in STANDS if role in stand.roles), key=lambda stand: stand.place)


def columns_of_steps(stands: list[Stand]) -> int:
    """Return how wide the steps are: a narrow first panel stands beside them."""
    return 12 - BESIDE if stands and stands[0].columns == BESIDE else 12


def steps_for(user: User, *, at: datetime) -> list[Step]:
    """Return what this person should do next, the most urgent first: by deadline, what has none by its tone."""
    steps = [step for offer in OFFERS for step in offer(user, at=at)]
    return sorted(steps, key=lambda step: (step.due_at is None, step.due_at or at, URGENCY.index(step.tone), step.title))[:MOST]


def home_of(user: User, *, at: datetime) -> dict[str, Any]:
    """Return everything a home page shows."""
    stands = stands_of(user.role)
    return {
        "steps": steps_for(user, at=at),
        "columns": columns_of_steps(stands),
        "nothing": WHEN_NOTHING_WAITS.get(user.role, _("When something needs you, it stands here, with its deadline.")),
        "panels": [(stand.columns, stand.show(user, at=at)) for stand in stands],
        "now": at,
    }
