"""Reading rows of several models by one statement that each connection plans once: for what is asked at every request.

Compiling a query of joins costs more than running it, and so does planning it. The rows come as the models they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BinaryField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    IntegerField,
    JSONField,
    TextField,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import Field, Model

AS_SAID: Final = (IntegerField, CharField, TextField, BooleanField, JSONField, ArrayField)
"""What JSON says as it is."""
READERS: Final[tuple[tuple[type[Field[Any, Any]], Callable[[Any], Any]], ...]] = (
    (DateTimeField, datetime.fromisoformat),
    (DateField, date.fromisoformat),
    (DecimalField, Decimal),
    (BinaryField, lambda said: bytes.fromhex(said[2:])),
)


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
    def columns(self) -> str:
        """The columns as one JSON array; exact numbers as text, since JSON knows none."""
        columns = [f'{self.alias}."{field.column}"' + "::text" * isinstance(field, DecimalField) for field in self.fields]
        return f"json_build_array({', '.join(columns)})"

    @cached_property
    def readers(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """Which columns are more than JSON can say, and how they are read.

        :raises TypeError: for a kind of column that nobody has thought of
        """
        found = []
        for place, field in enumerate(self.fields):
            target = getattr(field, "target_field", field)
            if not isinstance(target, AS_SAID):
                found.append((place, reader_of(target)))
        return found

    def made(self, values: list[Any]) -> Any:
        """Return the model of these columns, or nothing where a left join found none."""
        if values[0] is None:
            return None
        for place, reader in self.readers:
            if (said := values[place]) is not None:
                values[place] = reader(said)
        return self.model.from_db("default", self.attnames, values)


def reader_of(field: Field[Any, Any]) -> Callable[[Any], Any]:
    for kind, reader in READERS:
        if isinstance(field, kind):
            return reader
    raise TypeError(f"{field}: no reader for {type(field).__name__}")


@dataclass(frozen=True)
class Statement:
    """A SELECT of the parts' columns, then of ``more``, from ``source`` with ``$1``, ``$2`` … for the parameters.

    The row comes as one JSON text: telling the names and kinds of seventy columns cost more than reading them.
    """

    name: str
    types: str
    parts: tuple[Part, ...]
    source: str
    more: Callable[[], str] | None = None

    @cached_property
    def sql(self) -> str:
        parts = ", ".join(part.columns for part in self.parts)
        more = self.more() if self.more else ""
        return f"SELECT json_build_array(json_build_array({parts}), json_build_array({more}))::text AS said {self.source}"

    @cached_property
    def execute(self) -> str:
        return f"EXECUTE {self.name} ({', '.join(['%s'] * (self.types.count(',') + 1))})"

    def row(self, *parameters: Any) -> tuple[dict[str, Any], Sequence[Any]] | None:
        """Return the first row as its models by alias, and what stands after them; nothing if there is none."""
        return next(iter(self.rows(*parameters)), None)

    def rows(self, *parameters: Any) -> list[tuple[dict[str, Any], Sequence[Any]]]:
        """Return every row as its models by alias, and what stands after them."""
        connection.ensure_connection()
        with connection.cursor() as cursor:
            self.prepare(cursor)
            cursor.execute(self.execute, parameters)
            rows: list[tuple[str]] = cursor.fetchall()
        return [self._read(text) for (text,) in rows]

    def _read(self, text: str) -> tuple[dict[str, Any], Sequence[Any]]:
        said, more = json.loads(text)
        return {part.alias: part.made(values) for part, values in zip(self.parts, said, strict=True)}, more

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
