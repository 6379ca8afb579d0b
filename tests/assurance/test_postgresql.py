"""A connection in use is not asked whether it lives; one that the server ended is noticed all the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Iterator[Any]:
    """A connection of its own that has just answered, at the beginning of a request."""
    made: Any = connections.create_connection("default")
    made.settings_dict = connection.settings_dict
    made.ensure_connection()
    made.health_check_enabled, made.health_check_done, made.good_at = True, False, time.monotonic()
    yield made
    made.close()


def process_of(made: Any) -> int:
    with made.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


class TestAConnection:
    def test_that_has_just_answered_is_used_as_it_is(self, other: Any) -> None:
        before = other.connection
        with CaptureQueriesContext(other) as asked:
            process_of(other)

        assert (other.connection is before, other.health_check_done, len(asked)) == (True, True, 1)

    def test_that_the_server_ended_is_made_anew(self, other: Any) -> None:
        ended = process_of(other)
        other.health_check_done, other.good_at = False, time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [ended])

        assert process_of(other) != ended
