"""Rows for tests, with real-looking names; each maker takes what matters and fills in the rest."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from assurance.accounts.models import Organisation, User
from assurance.roles import Kind, Role

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""20 November 2026, 12:00 in Shanghai."""
_number = itertools.count(1)


def organisation(kind: Kind = Kind.MERCHANT, **given: Any) -> Organisation:
    n = next(_number)
    values = {"kind": kind, "code": f"{kind[:1].upper()}{n:05}", "name": f"第{n}号机构", "created_at": NOON} | given
    return Organisation.objects.create(**values)


def user(role: Role, organisation: Organisation, **given: Any) -> User:
    n = next(_number)
    values = {
        "role": role,
        "organisation": organisation,
        "organisation_kind": organisation.kind,
        "email": f"person{n}@example.com",
        "name": f"人{n}",
        "language": "en",
        "created_at": NOON,
    } | given
    person = User(**values)
    person.set_unusable_password()
    person.save()
    return person
