"""The two doors as a person and as a program use them: a signed-in browser, and an API caller with a key for every write."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from assurance.accounts.models import User

API = "/api/v1"
HTMX = {"HX-Request": "true"}
_number = itertools.count(1)


def browser(user: User, **kwargs: Any) -> Client:
    """Return a browser in which the person is signed in, with the second factor where one is needed."""
    client = Client(**kwargs)
    client.force_login(user)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


class Api:
    """Speaks JSON; every write carries a new key unless one is given."""

    def __init__(self, user: User) -> None:
        self.client = browser(user)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(API + path, query)

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> Any:
        return self._send("post", path, body, key)

    def patch(self, path: str, body: dict[str, Any], *, key: str = "") -> Any:
        return self._send("patch", path, body, key)

    def upload(self, path: str, **files: Any) -> Any:
        return self.client.post(API + path, files, headers={"Idempotency-Key": f"test-{next(_number)}"})

    def _send(self, method: str, path: str, body: dict[str, Any] | None, key: str) -> HttpResponse:
        headers = {"Idempotency-Key": key or f"test-{next(_number)}"}
        call = getattr(self.client, method)
        response: HttpResponse = call(API + path, body or {}, content_type="application/json", headers=headers)
        return response


def said(response: Any) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return response.status_code, response.json()["code"]


def flaws(response: Any) -> dict[str, str]:
    """Return ``field → code`` of a refusal."""
    return {flaw["field"]: flaw["code"] for flaw in response.json()["errors"]}


def queries_after(make: Callable[[], object], client: Client, path: str) -> int:
    """Make some rows, then count what the page asks of the database."""
    make()
    client.get(path)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(path).status_code == 200
    return len(counted)
