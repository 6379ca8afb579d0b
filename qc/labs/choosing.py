"""Which laboratory tests a sample: only one that is accredited, independent and free; of these the best by price, speed and load.

Every laboratory that was looked at comes out with its reason, so that the choice can be questioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

SHARES: Final = {"price": 45, "speed": 30, "load": 15, "rotation": 10}
"""What counts how much, of 100 points."""


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


NOT_COVERED = gettext_noop("Its accreditation does not cover %(tests)s.")
EXPIRED = gettext_noop("Its accreditation for %(tests)s is not valid on that day.")
TIED = gettext_noop("It is close to the merchant: %(because)s")
FULL = gettext_noop("It has no room this week: %(booked)s of %(capacity)s samples.")
BEFORE = gettext_noop("It tested the first sample; a retest goes to another laboratory.")
ABLE = gettext_noop("¥ %(price)s, %(days)s working days, %(booked)s of %(capacity)s samples this week: %(points)s points.")
SENTENCES: Final = (NOT_COVERED, EXPIRED, TIED, FULL, BEFORE, ABLE)


@dataclass(frozen=True)
class Scope:
    """One line of a laboratory's accreditation."""

    scope_id: int
    test: str
    valid_from: date
    valid_until: date
    price: Decimal
    turnaround_days: int
    capacity_per_week: int


@dataclass(frozen=True)
class Lab:
    """A laboratory as it stands now: what it may do, how much it has, whether it is close to the merchant."""

    lab_id: int
    name: str
    scopes: tuple[Scope, ...]
    booked: int = 0
    tie: str = ""
    is_last_of_merchant: bool = False


@dataclass(frozen=True)
class Opinion:
    """What speaks for or against one laboratory. ``code`` is ``able`` or why not."""

    lab_id: int
    name: str
    code: str
    message: str
    facts: tuple[tuple[str, str], ...] = ()
    points: int = 0
    price: Decimal = Decimal(0)
    days: int = 0
    scopes: tuple[tuple[str, int], ...] = ()

    @property
    def is_able(self) -> bool:
        return self.code == "able"

    @property
    def because(self) -> str:
        return self.message % dict(self.facts)


def consider(lab: Lab, tests: Sequence[str], *, day: date, not_again: int | None = None) -> Opinion:
    """Say whether one laboratory can test all of this on that day, and for what."""
    covered = {test: [scope for scope in lab.scopes if scope.test == test] for test in tests}
    valid = {test: [scope for scope in found if scope.valid_from <= day <= scope.valid_until] for test, found in covered.items()}
    if uncovered := [test for test, found in covered.items() if not found]:
        return _against(lab, "not_covered", NOT_COVERED, tests=", ".join(uncovered))
    if expired := [test for test, found in valid.items() if not found]:
        return _against(lab, "expired", EXPIRED, tests=", ".join(expired))
    if lab.tie:
        return _against(lab, "tied", TIED, because=lab.tie)
    if lab.lab_id == not_again:
        return _against(lab, "same_lab", BEFORE)
    chosen = {test: min(found, key=lambda scope: (scope.price, scope.scope_id)) for test, found in valid.items()}
    capacity = min(scope.capacity_per_week for scope in chosen.values())
    if lab.booked >= capacity:
        return _against(lab, "full", FULL, booked=str(lab.booked), capacity=str(capacity))
    return Opinion(
        lab.lab_id,
        lab.name,
        "able",
        ABLE,
        facts=(("booked", str(lab.booked)), ("capacity", str(capacity))),
        price=sum((scope.price for scope in chosen.values()), Decimal(0)),
        days=max(scope.turnaround_days for scope in chosen.values()),
        scopes=tuple((test, scope.scope_id) for test, scope in chosen.items()),
    )


def choose(labs: Iterable[Lab], tests: Sequence[str], *, day: date, not_again: int | None = None) -> list[Opinion]:
    """Return all laboratories, the best first, then those that cannot; the first one is chosen if it is able."""
    known = {lab.lab_id: lab for lab in labs}
    opinions = [consider(lab, tests, day=day, not_again=not_again) for lab in known.values()]
    able = [opinion for opinion in opinions if opinion.is_able]
    pointed = [_with_points(opinion, able, known) for opinion in able]
    return sorted(pointed, key=lambda one: (-one.points, one.price, one.lab_id)) + [one for one in opinions if not one.is_able]


def _with_points(opinion: Opinion, able: Sequence[Opinion], known: Mapping[int, Lab]) -> Opinion:
    """Give the cheapest and the fastest all points of their share, the others in proportion."""
    cheapest, fastest = min(one.price for one in able), min(one.days for one in able)
    facts = dict(opinion.facts)
    points = SHARES["price"] if not opinion.price else int(SHARES["price"] * cheapest / opinion.price)
    points += SHARES["speed"] * fastest // opinion.days
    points += SHARES["load"] * (int(facts["capacity"]) - int(facts["booked"])) // int(facts["capacity"])
    points += 0 if known[opinion.lab_id].is_last_of_merchant else SHARES["rotation"]
    told = {"price": f"{opinion.price:.2f}", "days": str(opinion.days), "points": str(points)} | facts
    return Opinion(opinion.lab_id, opinion.name, "able", ABLE, tuple(told.items()), points, opinion.price, opinion.days, opinion.scopes)


def _against(lab: Lab, code: str, message: str, **facts: str) -> Opinion:
    return Opinion(lab.lab_id, lab.name, code, message, tuple(facts.items()))
