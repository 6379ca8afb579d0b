"""Every operation of the API against every row of the corpus of its kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from assurance import access
from assurance.accounts import sessions
from assurance.accounts.models import User
from assurance.events.models import Event
from assurance.roles import ANONYMOUS, Role
from assurance.web import serializers as strict
from assurance.web.models import IdempotencyKey
from tests.harness import session
from tests.harness.databases import own_clone
from tests.hostile import rows
from tests.hostile.examples import EXAMPLES, Example
from tests.hostile.examples.example import somebody
from tests.hostile.sending import role_for, send, valid, wrong
from tests.hostile.sending import signed_in as sign_in
from tests.hostile.walk import URLCONF, Operation, documented, operations, patterns

OPERATIONS = operations()
WRITES = [operation for operation in OPERATIONS if operation.is_write]
LISTS = [operation for operation in OPERATIONS if operation.is_list and operation.door.pagination_class]
NO_DOORS = {"api:schema", "api:docs", "api:verify"}
"""Addresses that only show something to everybody."""
PROTECTED = {"id", "pk", "organisation_id", "merchant_id", "tenant", "state", "status", "fee_fen", "is_staff", "is_superuser"} | {
    *("verified_by", "created_at", "created_by", "actor", "role_granted", "password_hash", "version_of"),
}
"""What people try to set beside what they may."""
SHORT_LISTS = {"api:session-list", "api:rule-list"}
"""Lists that cannot grow."""
Row = TypeVar("Row")
Spoil = tuple[tuple[str | int, ...], rows.FieldRow]

pytestmark = [pytest.mark.long, pytest.mark.sampled]


@pytest.fixture(scope="module")
def rows_of_examples(django_db_setup: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any) -> Iterator[None]:
    """The rows of all examples in a database of their own, each made once, when it is first asked for."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"), ROOT_URLCONF=URLCONF)
    seen = patch.object(sessions, "SEEN_EVERY", timedelta(days=1))  # what is rolled back would else be written again by every request
    with django_db_blocker.unblock(), own_clone(django_db_setup), media, seen:
        example_of.cache_clear()
        asker_of.cache_clear()
        session_of.cache_clear()
        yield


@pytest.fixture(autouse=True)
def _rolled_back(request: pytest.FixtureRequest, rows_of_examples: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a test asks for leaves nothing; what its example needs stays for the next test of the same operation."""
    with django_db_blocker.unblock():
        operation = getattr(request.node, "callspec", None) and request.node.callspec.params["operation"]
        if operation:
            session_of(asker_of(role_for(operation)).pk)
            if operation.is_write:
                session_of(example_of(operation).user.pk)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@cache
def example_of(operation: Operation) -> Example:
    return EXAMPLES[operation.name]()


@pytest.fixture(autouse=True)
def _no_throttle(settings: Any) -> None:
    settings.API_REQUESTS_PER_SECOND = 0


@cache
def asker_of(role: Role) -> User:
    return somebody(role)


@cache
def session_of(pk: int) -> str:
    return sign_in(User.objects.get(pk=pk)).cookies[settings.SESSION_COOKIE_NAME].value


def signed_in(user: User) -> Client:
    """Return a browser in which this person signed in before the test began, if anybody did."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user.pk)
    return client


def named(operation: Operation) -> str:
    return operation.name


LIGHT = 60_000
"""Bytes in one body that are no row of the corpus by themselves."""
STRIDE = 8
"""Neighbours send different rows: what a row spoils is found by what all operations share; ``make proof`` has all send all."""


def portion(found: Sequence[Row], operation: Operation, stride: int = STRIDE) -> Sequence[Row]:
    """Return the rows that this operation sends: as many operations in a row as the stride says send all of them."""
    return session.portion(found, OPERATIONS.index(operation), stride)


def without_secret(response: Any) -> Any:
    """Return the answer; what a new key may do once, its credential, is in the first answer only."""
    found = response.json() if response.content[:1] == b"{" else {}
    return {**found, "credential": None} if "credential" in found else response.content


def spoiled(operation: Operation, example: Example) -> Iterator[tuple[Any, rows.Sent]]:
    if operation.takes_files:
        yield from ((row, row.spoil(example.files)) for row in rows.UPLOADS)
    else:
        unknown = rows.BODIES[-1:]  # what is known is each operation's own
        some = [*portion(rows.BODIES[:-1], operation), *unknown]
        yield from ((row, row.spoil(example.body)) for row in some)


def test_every_write_and_every_single_thing_has_an_example():
    needed = {operation.name for operation in OPERATIONS if operation.is_write or operation.variables}

    assert needed - set(EXAMPLES) == set()
    assert set(EXAMPLES) - {operation.name for operation in OPERATIONS} == set()


def test_every_address_of_the_api_goes_through_a_door():
    through_doors = {operation.route for operation in OPERATIONS}

    assert {route for route, *_ in patterns()} - through_doors <= NO_DOORS


@pytest.mark.parametrize("operation", [operation for operation in WRITES if operation.name in EXAMPLES], ids=named)
class TestAWrite:
    @pytest.mark.row("P19.3")
    def test_accepts_its_example_once_and_repeats_only_the_answer(self, operation):
        example = example_of(operation)
        client = signed_in(example.user)
        sent = valid(operation, example)
        first = send(client, operation, example, sent)
        assert first.status_code == example.status, first.content
        assert str(example.status) in documented()[operation.view().operation_id()]
        if example.status >= 300:
            assert not IdempotencyKey.objects.exists()
            return
        events = Event.objects.count()

        again = send(client, operation, example, sent)

        assert (again.status_code, without_secret(again)) == (first.status_code, without_secret(first))
        assert (again.headers["Idempotent-Replayed"], "Idempotent-Replayed" in first.headers) == ("true", False)
        assert Event.objects.count() == events
        changed = send(client, operation, example, valid(operation, replace(example, body=example.body | {"another": 1})))
        assert not wrong(changed, 422, "idempotency_mismatch", "changed body")

    def test_needs_a_key(self, operation):
        example = example_of(operation)
        client = signed_in(example.user)
        sent = valid(operation, example)

        found = wrong(send(client, operation, example, sent, key=""), 400, "idempotency_key_required", "no key")
        for key in portion(("k" * 256, "k k", "ключ".encode().decode("latin-1"), "k\x7f"), operation):
            found += wrong(send(client, operation, example, sent, key=key), 400, "idempotency_key_invalid", repr(key)[:20])

        assert found == []

    def test_needs_somebody(self, operation):
        if ANONYMOUS in access.ACCESS.get(operation.route, {}).get(operation.method.upper(), ()):
            return  # open to everybody
        example = example_of(operation)
        sent = valid(operation, example)

        response = send(Client(raise_request_exception=False), operation, example, sent)

        assert not wrong(response, 401, "not_authenticated", "nobody")
        assert response.headers["WWW-Authenticate"] == "Bearer"

    def test_refuses_every_spoiled_body(self, operation):
        example = example_of(operation)
        client = signed_in(example.user)
        events = Event.objects.count()

        found = []
        for row, sent in spoiled(operation, example):
            response = send(client, operation, example, sent)
            found += wrong(response, row.status, row.code, f"row {row.number} {row.name}")

        assert found == []
        assert (Event.objects.count(), IdempotencyKey.objects.count()) == (events, 0)

    def test_refuses_every_spoiled_field(self, operation):
        example = example_of(operation)
        client = signed_in(example.user)
        events = Event.objects.count()

        found = []
        fields = list(fields_of(operation.input())) if not operation.takes_files else []
        spoils = [(path, row) for path, field in fields for row in rows_for(field, whole=session.is_exhaustive() or field is fields[0][1])]
        unread = [[spoil] for spoil in spoils if not is_read(spoil[1])]
        bodies = at_once(spoil for spoil in spoils if is_read(spoil[1]))  # the first one spoils every field
        for some in [*bodies[:1], *portion(bodies[1:], operation, 3), *portion(unread, operation)]:
            body = example.body
            for path, row in some:
                body = with_value(body, path, row.value)
            response = send(client, operation, example, rows.Sent(rows.as_json(body)))
            found += wrong(response, 400, some[0][1].code if len(some) == 1 else None, str(some)[:80])
            found += missed(response, some) if is_read(some[0][1]) else []

        assert found == []
        assert (Event.objects.count(), IdempotencyKey.objects.count()) == (events, 0)

    @pytest.mark.promise("G23")
    def test_takes_no_field_that_is_not_its_own(self, operation):
        if operation.takes_files:
            return
        example = example_of(operation)
        columns = {field.name for field in operation.door.queryset.model._meta.get_fields()}
        foreign = (PROTECTED | columns) - set(operation.input().fields)
        body = example.body | dict.fromkeys(foreign, 1)

        response = send(signed_in(example.user), operation, example, rows.Sent(rows.as_json(body)))

        assert not wrong(response, 400, "unknown_field", "fields of others")
        assert {flaw["field"] for flaw in response.json()["errors"]} == foreign

    @pytest.mark.row("P22.1")
    def test_answers_what_others_own_like_what_does_not_exist(self, operation):
        example = example_of(operation)
        client = signed_in(example.user)
        pointing = [path for path, field in fields_of(operation.input()) if isinstance(field, POINTING)]
        assert {".".join(map(str, path)) for path in pointing} - example.shared == set(example.foreign)

        for path in pointing:
            if ".".join(map(str, path)) in example.shared:
                continue
            body = with_value(example.body, path, example.foreign[".".join(map(str, path))])
            response = send(client, operation, example, rows.Sent(rows.as_json(body)))
            assert not wrong(response, 400, "not_found", str(path))

    def test_refuses_every_other_method(self, operation):
        example = example_of(operation)
        client = signed_in(example.user)
        taken = {other.method for other in OPERATIONS if other.template == operation.template}

        found = []
        for method in portion(sorted({"get", "post", "put", "patch", "delete", "options", "trace"} - taken), operation):
            response = client.generic(method.upper(), operation.path(**example.path), headers={"Idempotency-Key": "k"})
            found += wrong(response, 405, "method_not_allowed", method)

        assert found == []


def test_every_list_is_cut_into_pages():
    assert {operation.route for operation in OPERATIONS if operation.is_list and operation not in LISTS} <= SHORT_LISTS


@pytest.mark.parametrize("operation", LISTS, ids=named)
class TestAList:
    def test_refuses_every_query_that_cannot_be_meant(self, operation):
        client = signed_in(asker_of(role_for(operation)))
        path = operation.path(**parents_of(operation))

        found = []
        for row in portion(rows.QUERIES, operation):
            found += wrong(client.get(path + row.query), row.status, row.code, f"row {row.number} {row.query}")
        for name, kind in filters_of(operation):
            for value in portion(rows.FILTERS[kind], operation):
                found += wrong(client.get(f"{path}?{name}={value}"), 400, "invalid_filter", f"{name}={value[:20]}")

        assert found == []

    def test_is_cut_at_two_hundred(self, operation):
        client = signed_in(asker_of(role_for(operation)))

        response = client.get(operation.path(**parents_of(operation)) + "?page_size=1000000")

        assert response.status_code == 200, response.content
        assert len(response.json()["results"]) <= 200


@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if operation.variables], ids=named)
def test_an_impossible_id_in_the_path_is_not_found(operation):
    client = signed_in(asker_of(role_for(operation)))

    found = []
    for value in portion(rows.PATHS, operation, len(rows.PATHS)):
        path = operation.path(**dict.fromkeys(operation.variables, value))
        response = client.generic(operation.method.upper(), path, headers={"Idempotency-Key": "k"})
        found += wrong(response, 404, "not_found", value[:20])

    assert found == []


POINTING = (strict.VisibleField, strict.VisibleListField)


def fields_of(serializer: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every field a body may have, with its place; of a list, the first entry stands for all."""
    for name, field in serializer.fields.items():
        if field.read_only:
            continue
        yield (*path, name), field
        child = getattr(field, "child", None)
        nested = child if child is not None else field
        where = (*path, name, 0) if child is not None else (*path, name)
        if hasattr(nested, "fields"):
            yield from fields_of(nested, where)
        elif child is not None:
            yield where, child


def rows_for(field: Any, *, whole: bool) -> list[rows.FieldRow]:
    """Return the rows of this kind of field; only where it is asked for is what is too long much too long."""
    found = [row for row in rows.FIELDS if isinstance(field, row.kind) and not row.unless(field)]
    return found if whole else [row if row.code != "too_long" else replace(row, value="x" * (field.max_length + 1)) for row in found]


def is_read(row: rows.FieldRow) -> bool:
    """Say whether the value comes as far as its field: a larger number than anything holds is refused with the whole body."""
    return row.value != 2**63


def with_value(body: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Return a copy of the body with the value at the place."""
    copied = json.loads(json.dumps(body))
    inner: Any = copied
    for step in path[:-1]:
        inner = inner[step]
    if isinstance(path[-1], int):
        inner[path[-1] :] = [value]
    else:
        inner[path[-1]] = value
    return copied


def at_once(spoils: Iterable[Spoil]) -> list[list[Spoil]]:
    """Return the spoils in few bodies: no place, and no place inside it, is spoiled twice in one, and none becomes too large."""
    bodies: list[list[Spoil]] = []
    for path, row in spoils:
        weight = len(json.dumps(row.value))
        light = (body for body in bodies if weight + sum(len(json.dumps(other.value)) for _, other in body) < LIGHT)
        free = (body for body in light if not any(path[: len(other)] == other[: len(path)] for other, _ in body))
        if (body := next(free, None)) is None:
            bodies.append(body := [])
        body.append((path, row))
    return bodies


def missed(response: Any, spoils: list[Spoil]) -> list[str]:
    """Return the spoils that the answer does not name with their place and code."""
    told = [(flaw.get("field", ""), flaw["code"]) for flaw in json.loads(response.content).get("errors", [])]
    places = [(".".join(map(str, path)), row) for path, row in spoils]
    return [
        f"row {row.number} {place}={row.value!r:.40}: {told}"
        for place, row in places
        if not any(code == row.code and f"{at}.".startswith(f"{place}.") for at, code in told)
    ]


def filters_of(operation: Operation) -> list[tuple[str, str]]:
    filterset = getattr(operation.door, "filterset_class", None)
    return [(name, type(found).__name__) for name, found in filterset.base_filters.items()] if filterset else []


def parents_of(operation: Operation) -> dict[str, object]:
    return dict.fromkeys(operation.variables, 1)
