"""A valid request for every write of the API. A write that has none here fails the corpus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assurance.accounts.models import User
from assurance.events.models import Event
from assurance.roles import Kind, Role
from tests import factories


@dataclass(frozen=True)
class Example:
    """Who sends what, and to which row.

    ``foreign`` holds, by field, keys that exist but belong to others; ``shared`` names fields that point at what everybody sees.
    """

    user: User
    body: dict[str, Any] = field(default_factory=dict)
    path: dict[str, object] = field(default_factory=dict)
    foreign: dict[str, object] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 200


def sample() -> Example:
    owner = factories.organisation(Kind.MERCHANT)
    other = factories.organisation(Kind.MERCHANT)
    body = {
        "name": "即食燕窝",
        "quantity": 240,
        "fen": 1,
        "price": "12.30",
        "share": "0.05",
        "at": "2026-03-01T09:30:00+08:00",
        "day": "2026-03-01",
        "cold": True,
        "kind": "a",
        "owner": owner.pk,
        "owner_code": owner.code,
        "owners": [owner.pk],
        "tags": ["新"],
        "lines": [{"code": "A1", "quantity": 1, "price": "0"}],
    }
    foreign = {"owner": other.pk, "owner_code": other.code, "owners": [owner.pk, other.pk]}
    return Example(factories.user(Role.MERCHANT_OWNER, owner), body, foreign=foreign, status=201)


def sample_event() -> tuple[User, Event]:
    owner = factories.organisation(Kind.MERCHANT)
    user = factories.user(Role.MERCHANT_OWNER, owner)
    event = Event.objects.create(
        kind="sample.made", at=factories.NOON, organisation_id=owner.pk, subject_kind="assurance.organisation", subject_id=owner.pk
    )
    return user, event


def sample_decision() -> Example:
    user, event = sample_event()
    return Example(user, path={"pk": event.pk}, status=409)


def sample_repetition() -> Example:
    user, event = sample_event()
    return Example(user, path={"pk": event.pk})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST sample:sample-list": sample,
    "POST sample:sample-decide": sample_decision,
    "POST sample:sample-repeat": sample_repetition,
}
