"""Who enters, decides or attaches a number waits for whoever does the same with that number or file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable

LOCKS: Final = 0xCE27
"""The class of advisory locks on numbers and files of certificates."""


def lock_marks(marks: Iterable[str]) -> None:
    """Wait until nobody else works with these marks; in one order, so that two never wait crosswise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, lock)"
            " FROM (SELECT DISTINCT hashtext(mark) AS lock FROM unnest(%s::text[]) mark ORDER BY 1) one",
            [LOCKS, sorted(set(marks))],
        )
