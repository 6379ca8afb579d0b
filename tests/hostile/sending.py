"""Sends examples, whole or spoiled, as the person who may."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from assurance import access
from assurance.roles import ANONYMOUS, Role
from tests.hostile import rows
from tests.hostile.examples import Example
from tests.hostile.examples.example import somebody
from tests.hostile.walk import Operation

LEAKS = ("Traceback", "psycopg", "site-packages", '.py"', "SELECT ", "INSERT ", "constraint", "<html", "Exception")


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


def wrong(response: Any, status: int, code: str | None, where: str) -> list[str]:
    """Return what is wrong with a refusal, as sentences; without a code, whatever its code is."""
    text = response.content.decode()
    if response.status_code != status:
        return [f"{where}: {response.status_code} instead of {status}: {text[:200]}"]
    if response.headers["Content-Type"] != "application/problem+json":
        return [f"{where}: {response.headers['Content-Type']}"]
    body = json.loads(text)
    found = []
    if code and body["code"] != code:
        found.append(f"{where}: {body['code']} instead of {code}: {text[:300]}")
    if list(body) != ["status", "code", "title", "detail", "errors", "request_id"] or body["status"] != status:
        found.append(f"{where}: not the contract: {list(body)}")
    if body["request_id"] != response.headers["X-Request-ID"]:
        found.append(f"{where}: another request's number")
    found += [f"{where}: leaks {leak}" for leak in LEAKS if leak in text]
    if "x" * 81 in text or "9" * 81 in text:
        found.append(f"{where}: echoes more than 80 characters")
    return found
