"""The two doors of the house for one person: pages and API."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from django.test import Client

if TYPE_CHECKING:
    from assurance.accounts.models import User

_keys = itertools.count(1)


def pages(person: User) -> Client:
    """Return the browser of a signed-in person."""
    client = Client()
    client.force_login(person)
    return client


def ask(person: User, path: str, **query: str) -> Any:
    return pages(person).get(f"/api/v1/{path}", query)


def send(person: User, path: str, body: dict[str, Any] | None = None) -> Any:
    """Post a body under a key of its own."""
    return pages(person).post(
        f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers={"Idempotency-Key": f"doors-{next(_keys)}"}
    )
