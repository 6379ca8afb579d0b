"""Reading rows of several models by one statement that each connection plans once: for what is asked at every request.

Compiling a query of joins costs more than running it, and so does planning it. The rows come as the models they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import JSONField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import Model


@dataclass(frozen=True)
class Part:
    """One model of the row, under its alias in the statement; no names are all its columns. Others are read when asked for."""

    alias: str
    model: type[Model]
    names: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> list[Any]:
        """The fields in the order of the model: ``from_db`` relies on it."""
        return [field for field in self.model._meta.concrete_fields if not self.names or field.attname in self.names]

    @cached_property
    def attnames(self) -> list[str]:
        return [field.attname for field in self.fields]

    @cached_property
    def documents(self) -> list[int]:
        """Which columns hold JSON: they come as text."""
        return [place for place, field in enumerate(self.fields) if isinstance(field, JSONField)]

    def made(self, values: Sequence[Any]) -> Any:
        """Return the model of these columns, or nothing where a left join found none."""
        if values[0] is None:
            return None
        if self.documents:
            values = list(values)
            for place in self.documents:
                if isinstance(values[place], str):
                    values[place] = json.loads(values[place])
        return self.model.from_db("default", self.attnames, values)


@dataclass(frozen=True)
class Statement:
    """A SELECT of the parts' columns, then of ``more``, from ``source`` with ``$1``, ``$2`` … for the parameters."""

    name: str
    types: str
    parts: tuple[Part, ...]
    source: str
    more: Callable[[], str] | None = None

    @cached_property
    def sql(self) -> str:
        columns = [f'{part.alias}."{field.column}"' for part in self.parts for field in part.fields]
        if self.more:
            columns.append(self.more())
        return f"SELECT {', '.join(columns)} {self.source}"

    @cached_property
    def execute(self) -> str:
        return f"EXECUTE {self.name} ({', '.join(['%s'] * (self.types.count(',') + 1))})"

    def row(self, *parameters: Any) -> tuple[dict[str, Any], Sequence[Any]] | None:
        """Return the first row as its models by alias, and what stands after them; nothing if there is none."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            self.prepare(cursor)
            cursor.execute(self.execute, parameters)
            row: Sequence[Any] | None = cursor.fetchone()
        if row is None:
            return None
        found, start = {}, 0
        for part in self.parts:
            end = start + len(part.fields)
            found[part.alias] = part.made(row[start:end])
            start = end
        return found, row[start:]

    def prepare(self, cursor: Any) -> None:
        """Prepare it once on this connection; a connection that was handed on may know it already."""
        known = getattr(connection, "prepared_on", None)
        if known is None or known[0] is not connection.connection:
            names: set[str] = set()
            known = connection.prepared_on = (connection.connection, names)  # type: ignore[attr-defined]
        if self.name in known[1]:
            return
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [self.name])
        if cursor.fetchone() is None:
            cursor.execute(f"PREPARE {self.name} ({self.types}) AS {self.sql}")
        known[1].add(self.name)
