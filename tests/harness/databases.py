"""Databases for tests: clones of the migrated template, reached as the application role.

``db`` runs the test in a transaction on the worker's clone; ``worlds.py`` tells what of it the next test finds.
``committed_db``, ``transactional_db`` and ``live_server`` give it a clone of its own that is dropped afterwards: Django's flush, which is
TRUNCATE, never runs, because append-only tables refuse it.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connections
from pytest_django import DjangoDbBlocker
from pytest_django.django_compat import is_django_unittest

from deploy.embedded.postgres import APP, OWNER, SUPERUSER
from tests.harness import session
from tests.harness.worlds import worlds

COMMITTING = frozenset({"committed_db", "transactional_db", "live_server"})
_numbers = itertools.count(1)


@dataclass(frozen=True)
class CommittedDatabase:
    """A database of this test alone, for threads and other processes too (``DATABASE_URL`` names it meanwhile)."""

    name: str
    url: str
    owner_url: str
    superuser_url: str


@cache
def _cluster() -> session.Cluster:
    return session.cluster()


@cache
def _superuser() -> Any:
    connection = psycopg2.connect(_cluster().url(SUPERUSER, "postgres"))
    connection.autocommit = True
    return connection


def _run(sql: str) -> None:
    with _superuser().cursor() as cursor:
        cursor.execute(sql)


def create_clone(name: str = "", *, template: str = "") -> str:
    """Copy the migrated template, or another database to which nobody is connected, and return the copy's name."""
    name = name or f"clone_{os.getpid()}_{next(_numbers)}"
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{template or _cluster().template}" STRATEGY file_copy OWNER {OWNER}')
    return name


def drop_clone(name: str) -> None:
    """Drop the copy and end whoever is still connected to it."""
    _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def connect_to(url: str) -> None:
    """Let every new connection of this process use the database and role of the address."""
    worlds.forget()
    connections.close_all()
    parts = urlsplit(url)
    # The one dictionary that the connections of all threads read when they connect.
    connections.settings["default"].update(
        NAME=parts.path[1:], USER=parts.username, PASSWORD=unquote(parts.password or ""), HOST=parts.hostname, PORT=str(parts.port)
    )


def route_to(name: str) -> None:
    """Let this process, and every process it starts, use the session's database of this name as the application role."""
    connect_to(_cluster().url(APP, name))
    os.environ["DATABASE_URL"] = _cluster().url(APP, name)
    os.environ["DATABASE_OWNER_URL"] = _cluster().url(OWNER, name)


def give_witness(name: str) -> None:
    """Let the log of this database have a witness of its own: another database's log is another log."""
    os.environ["WITNESS_DIR"] = settings.WITNESS_DIR = str(Path(os.environ[session.FOLDER]) / "witness" / name)


def _describe(name: str) -> CommittedDatabase:
    urls = {role: _cluster().url(role, name) for role in (APP, OWNER, SUPERUSER)}
    return CommittedDatabase(name=name, url=urls[APP], owner_url=urls[OWNER], superuser_url=urls[SUPERUSER])


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """One clone a worker, for the tests that roll back; replaces pytest-django's databases."""
    with django_db_blocker.unblock():
        name = create_clone()
        route_to(name)
        give_witness(name)
    yield name
    with django_db_blocker.unblock():
        worlds.forget()
        connections.close_all()
        drop_clone(name)


@contextmanager
def own_clone(usual: str, *, template: str = "") -> Iterator[CommittedDatabase]:
    """Route to a fresh clone, then back to the usual database."""
    name = create_clone(template=template)
    route_to(name)
    give_witness(name)
    try:
        yield _describe(name)
    finally:
        route_to(usual)
        give_witness(usual)
        drop_clone(name)


def commits(item: pytest.Item) -> bool:
    """Tell whether the test needs real commits."""
    marker = item.get_closest_marker("django_db")
    asked = bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))
    return asked or not COMMITTING.isdisjoint(getattr(item, "fixturenames", ()))


def wants_database(item: pytest.Item) -> bool:
    """Tell whether the test uses the database at all."""
    names = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "db" in names or "django_db_setup" in names or commits(item)


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest, django_db_setup: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[CommittedDatabase | None]:
    """Replaces pytest-django's: ``db`` and ``transactional_db`` both stand on it."""
    if is_django_unittest(request):
        worlds.forget()
        yield None
        return
    with django_db_blocker.unblock():
        if commits(request.node):
            with own_clone(django_db_setup) as database:
                yield database
        else:
            worlds.begin(request.node)
            yield None
            worlds.end()


@pytest.fixture
def committed_db(transactional_db: None, _django_db_helper: CommittedDatabase) -> CommittedDatabase:
    """A fresh database for this test: commits are real, threads and other processes may use it."""
    return _django_db_helper
