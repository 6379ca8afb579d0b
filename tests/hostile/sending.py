"""Sends examples, whole or spoiled, as the person who may."""

from __future__ import annotations

from typing import Any

from django.test import Client

from assurance import access
from assurance.roles import ANONYMOUS, Role
from tests.hostile import rows
from tests.hostile.examples import Example
from tests.hostile.examples.example import somebody
from tests.hostile.walk import Operation


def signed_in(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def valid(operation: Operation, example: Example) -> rows.Sent:
    return rows.form(example.body, example.files) if operation.takes_files else rows.Sent(rows.as_json(example.body))


def send(client: Client, operation: Operation, example: Example, sent: rows.Sent, key: str = "k") -> Any:
    headers = sent.headers | ({"Idempotency-Key": key} if key else {})
    announced: dict[str, Any] = {"CONTENT_LENGTH": str(sent.announced)} if sent.announced else {}
    return client.generic(
        operation.method.upper(), operation.path(**example.path), sent.body, sent.content_type, headers=headers, **announced
    )


def role_for(operation: Operation) -> Role:
    """Return a role that the access table lets in."""
    who = access.ACCESS.get(operation.route, {}).get(operation.method.upper(), frozenset({Role.MERCHANT_OWNER}))
    return Role(min(who - {ANONYMOUS}))


def somebody_for(operation: Operation) -> Any:
    return somebody(role_for(operation))
