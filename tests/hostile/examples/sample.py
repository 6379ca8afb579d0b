"""Examples for the sample address."""

from __future__ import annotations

from collections.abc import Callable

from assurance.accounts.models import User
from assurance.events.models import Event
from assurance.roles import Kind, Role
from tests import factories
from tests.hostile.examples.example import Example, somebody


def create() -> Example:
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


def event() -> tuple[User, Event]:
    user = somebody(Role.MERCHANT_OWNER)
    owner = user.organisation_id
    made = Event.objects.create(
        kind="sample.made", at=factories.NOON, organisation_id=owner, subject_kind="assurance.organisation", subject_id=owner
    )
    return user, made


def show() -> Example:
    user, made = event()
    return Example(user, path={"pk": made.pk})


def decide() -> Example:
    user, made = event()
    return Example(user, path={"pk": made.pk}, status=409)


EXAMPLES: dict[str, Callable[[], Example]] = {
    "GET sample:specimen-detail": show,
    "POST sample:specimen-list": create,
    "POST sample:specimen-decide": decide,
    "POST sample:specimen-repeat": show,
}
