"""Defects that an experiment in this process can bring back, to be seen failing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet


@contextmanager
def at_work(sabotage: str) -> Iterator[None]:
    """Bring a defect back for a while: ``no_lock`` reads a row without locking it, the classic get-then-save."""
    if sabotage != "no_lock":
        yield
        return
    real = QuerySet.select_for_update

    def read_only(self: QuerySet[Any], *_args: Any, **_options: Any) -> QuerySet[Any]:
        return self.all()

    QuerySet.select_for_update = read_only  # type: ignore[method-assign]
    try:
        yield
    finally:
        QuerySet.select_for_update = real  # type: ignore[method-assign]
