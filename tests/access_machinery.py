"""Walks the addresses, asks as every role, and takes the database's fingerprint; ``test_access.py`` says what must come out."""

from __future__ import annotations

import copy
import json
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assurance.access import ACCESS
from assurance.accounts.models import User
from assurance.roles import ANONYMOUS, PUBLIC, Role
from assurance.web.api import Door
from assurance.web.serializers import VisibleField, VisibleListField
from tests.access_objects import CASES, Case, Kwargs
from tests.access_world import A_PERSON, World

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
WRITES: Final = frozenset(METHODS) - {"GET"}
LOGIN: Final = "/accounts/login/"
DEACTIVATED: Final = "deactivated"
WHO: Final = (*sorted(Role), ANONYMOUS, DEACTIVATED)
"""Fifteen roles, nobody, and somebody who was deactivated with a session still open."""
PASSING: Final = frozenset({"assurance_session", "web_cache", "django_session"})
"""Tables that remember that somebody asked, not what anybody did."""
ORGANISATION: Final = "(merchant|organisation|warehouse|owner)_id"
PEOPLE: Final = "[a-z_]+_by_id|user_id|actor_id|recipient_id|inspector_id"


# --- addresses ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Route:
    """One address: its name in the access table, its arguments, its view."""

    name: str
    arguments: frozenset[str]
    view: Any

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    @property
    def methods(self) -> frozenset[str]:
        """What the access table lets through."""
        return frozenset(ACCESS.get(self.name, {}))

    @property
    def handled(self) -> frozenset[str] | None:
        """What an API view answers at all; nothing for a page, which leaves it to the table."""
        actions = getattr(self.view, "actions", None)
        if actions:
            return frozenset(method.upper() for method in actions) & frozenset(METHODS)
        cls = getattr(self.view, "cls", None)
        return frozenset(method for method in METHODS if hasattr(cls, method.lower())) if cls else None

    def door(self, method: str) -> tuple[type[Door], str] | None:
        """Return the view class and the name of its action, if it is one of our doors."""
        cls, actions = getattr(self.view, "cls", None), getattr(self.view, "actions", None)
        return (cls, actions[method.lower()]) if actions and issubclass(cls, Door) else None


@cache
def routes() -> Mapping[str, Route]:
    """Return every named address but those of the back office, which has one row in the table."""
    return {route.name: route for route in _walk(get_resolver().url_patterns) if not route.name.startswith("admin:")}


def _walk(patterns: list[Any], namespaces: tuple[str, ...] = (), arguments: frozenset[str] = frozenset()) -> Iterator[Route]:
    for one in patterns:
        found = arguments | frozenset(one.pattern.converters) | frozenset(one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, namespaces + ((one.namespace,) if one.namespace else ()), found)
        elif isinstance(one, URLPattern):
            yield Route(":".join([*namespaces, one.name or f"unnamed {one.pattern}"]), found, one.callback)


def references(route: Route, method: str) -> frozenset[str]:
    """Return the fields of the body that refer to rows, with dotted names inside lists of objects."""
    door = route.door(method)
    reader = door[0].inputs.get(door[1]) if door else None
    return frozenset(_references(reader(context={})) if reader else ())


def _references(reader: Any, path: str = "") -> Iterator[str]:
    for name, one in reader.fields.items():
        inner = getattr(one, "child", one)
        if isinstance(one, VisibleField | VisibleListField):
            yield path + name
        elif hasattr(inner, "fields"):
            yield from _references(inner, f"{path}{name}.")


def planted(body: Kwargs, path: str, value: Any) -> tuple[Kwargs, str]:
    """Return the body with another value at a dotted name, and the name under which it will be refused."""
    body, name, _, rest = copy.deepcopy(body), *path.partition(".")
    if not rest and isinstance(body.get(name), list):  # holds a list of ids
        return body | {name: [value]}, f"{name}.0"
    if not rest:
        return body | {name: value}, name
    body[name][0], inner = planted(body[name][0], rest, value)
    return body, f"{name}.0.{inner}"


def filters(route: Route) -> frozenset[str]:
    """Return the filters of a list that refer to rows."""
    door = route.door("GET") if route.handled and "GET" in route.handled else None
    filterset = getattr(door[0], "filterset_class", None) if door and door[1] == "list" else None
    return frozenset(name for name, one in (filterset.base_filters if filterset else {}).items() if "model" in one.extra)


# --- asking -------------------------------------------------------------------------------------------------------
class Askers:
    """A browser for everybody, signed in once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._read: dict[tuple[str, str], Answer] = {}
        self.users: dict[str, User | None] = {**world.users, ANONYMOUS: None, DEACTIVATED: world.gone}
        self.clients = {who: self._client(user) for who, user in self.users.items()}
        User.objects.filter(pk=world.gone.pk).update(is_active=False)

    def _client(self, user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    def may(self, who: str, route: Route, method: str) -> bool:
        return (ANONYMOUS if who == DEACTIVATED else who) in ACCESS[route.name][method]

    def subject(self, who: str) -> User:
        """Return whose objects are asked for; a stranger asks for the near owner's."""
        return self.users[who] or self.world.near.owner

    def ask(self, who: str, route: Route, method: str, kwargs: Kwargs, body: Any = None, *, query: str = "", keep: bool = False) -> Any:
        """Send one real request. What it did is rolled back, unless it is kept to prove that a refusal did nothing."""
        url = reverse(route.name, kwargs=kwargs) + query
        client = self.clients[who]
        cookies = client.cookies.copy()
        if keep:
            response = self._send(client, route, method, url, body, briefly=not route.is_api and self.users[who] is not None)
        else:
            with transaction.atomic():
                response = self._send(client, route, method, url, body)
                transaction.set_rollback(True)
        client.cookies = cookies
        return response

    def read(self, who: str, route: Route) -> Answer:
        """Return what somebody reads there; nothing changes the world, so it is asked once."""
        if (who, route.name) not in self._read:
            response = self.ask(who, route, "GET", CASES[route.name].mine(self.world, self.subject(who)) or {})
            is_json = "json" in response.headers.get("Content-Type", "")
            fields = tuple(sorted(keys_of(response.json()))) if is_json else ("(bytes)",)
            self._read[who, route.name] = Answer(response.status_code, str(response.headers.get("Location", "")), said(response), fields)
        return self._read[who, route.name]

    def _send(self, client: Client, route: Route, method: str, url: str, body: Any, *, briefly: bool = False) -> HttpResponseBase:
        """Send it; a brief answer is a refusal without the house around it, as htmx asks for."""
        headers = {"HX-Request": "true"} if briefly else {}
        if method == "GET":
            return client.get(url, headers=headers)
        headers |= {"Idempotency-Key": secrets.token_hex(8)} if route.is_api else {}
        form = {name: value for name, value in (body or {}).items() if value is not None}
        uploads = any(hasattr(value, "read") for value in form.values())
        if uploads or (method == "POST" and not route.is_api):
            return client.post(url, form, headers=headers)
        return client.generic(method, url, json.dumps(body or {}, default=str), content_type="application/json", headers=headers)


@dataclass(frozen=True)
class Answer:
    """What of an answer matters here."""

    status_code: int
    location: str
    words: str
    fields: tuple[str, ...] = ()
    """The names of what a JSON answer holds."""


def keys_of(value: Any, path: str = "") -> set[str]:
    """Return the dotted names of everything in a JSON answer; what a category asks for is data, not a field."""
    if isinstance(value, list):
        return {key for one in value for key in keys_of(one, path)}
    if not isinstance(value, dict) or path.endswith(("attributes", "snapshot", "changes")):
        return {path}
    return {key for name, inner in value.items() for key in keys_of(inner, f"{path}.{name}" if path else name)}


def let_in(response: HttpResponseBase | Answer, case: Case) -> bool:
    """Say whether the asker got past the door, whatever the room then said."""
    if response.status_code in (401, 403, 404, 405) or response.status_code >= 500:
        return False
    location = response.location if isinstance(response, Answer) else str(response.headers.get("Location", ""))
    return case.leads_away or not location.startswith(LOGIN)


def turned_away(response: HttpResponseBase, who: str, route: Route) -> bool:
    """Say whether the asker was refused as his kind must be."""
    if who in (ANONYMOUS, DEACTIVATED):
        if route.is_api:
            return response.status_code == 401
        return response.status_code == 302 and str(response.headers["Location"]).startswith(LOGIN)
    return response.status_code == 403


def said(response: HttpResponseBase) -> str:
    """Return everything an answer says, in lower case: body and headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return (body.decode(errors="replace") + str(dict(response.headers))).lower()


def betrayed(words: str, world: World, reader: User | None) -> list[str]:
    """Return the people of other organisations whose name, address or number an answer shows in clear."""
    own = reader.organisation_id if reader else None
    numbers = [(found[0], int(found[1] or found[2])) for found in A_PERSON.finditer(words)]
    return sorted({shown for shown, n in numbers if world.organisation_of.get(n, own) != own})


def body_of(case: Case, world: World, user: User) -> Kwargs:
    return case.body(world, user)


def case_of(route: Route) -> Case:
    return CASES[route.name]


def public(route: Route, method: str) -> bool:
    return ACCESS[route.name][method] == PUBLIC


# --- the database -------------------------------------------------------------------------------------------------
def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in cursor.fetchall() if name not in PASSING]


def written() -> list[str]:
    """Return the tables in which this transaction wrote rows, by PostgreSQL's own count: also rows that were taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0")
        return sorted({name for (name,) in cursor.fetchall()} - PASSING)


def fingerprint(names: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return the number of rows and a checksum over all rows of these tables."""
    one = "SELECT '{0}', count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint::numeric), 0)::text FROM \"{0}\" t"
    if not (asked := [one.format(name) for name in names]):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return {name: (count, total) for name, count, total in cursor.fetchall()}


@contextmanager
def unchanged(before: Mapping[str, tuple[int, str]]) -> Iterator[None]:
    """Fail if a row of any table differs from ``before`` at the end. Rows are compared where some were written."""
    yield
    names = written()
    assert fingerprint(names) == {name: before[name] for name in names}


@cache
def owner_columns() -> dict[str, list[str]]:
    """Return the columns of every table that say whose a row is, who decided, and in which state it is."""
    states = ("state", "role", "is_active", "organisation_kind", "verdict", "scopes")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text ORDER BY column_name) FROM information_schema.columns "
            "WHERE table_schema = 'public' AND (column_name = ANY(%s) OR column_name ~ %s) GROUP BY table_name",
            [list(states), f"^({ORGANISATION}|{PEOPLE})$"],
        )
        return {table: columns for table, columns in cursor.fetchall() if table not in PASSING}


def ownership(names: Collection[str], known: Mapping[str, list[int]]) -> dict[str, list[tuple[Any, ...]]]:
    """Return how many rows of these tables belong to whom and are in which state; who is new since ``known`` counts as ``new``."""
    counted = {}
    with connection.cursor() as cursor:
        for table, columns in sorted((name, columns) for name, columns in owner_columns().items() if name in names):
            parts = ", ".join(_named(column) for column in columns)
            cursor.execute(f'SELECT {parts}, count(*) FROM "{table}" GROUP BY {parts} ORDER BY {parts}', dict(known))
            counted[table] = cursor.fetchall()
    return counted


def known_owners() -> dict[str, list[int]]:
    from assurance.accounts.models import Organisation

    return {
        "organisations": list(Organisation.objects.values_list("pk", flat=True)),
        "people": list(User.objects.values_list("pk", flat=True)),
    }


def _named(column: str) -> str:
    kind = "organisations" if re.fullmatch(ORGANISATION, column) else "people" if re.fullmatch(PEOPLE, column) else ""
    if not kind:
        return f'"{column}"::text'
    return f'CASE WHEN "{column}" IS NULL OR "{column}" = ANY(%({kind})s) THEN "{column}"::text ELSE \'new\' END'
