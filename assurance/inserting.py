"""Writing rows of one model by one statement that is put together once: for what every action writes.

``bulk_create`` compiles its statement anew at every call, which costs more than the insert of one row.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model

M = TypeVar("M", bound="Model")


def insert_all(rows: Sequence[M]) -> list[M]:
    """Insert new rows of one model and give them their ids; as many statements for one as for thousands.

    No hook of a model runs and no default of the database is used: every column is written as it stands on the object.
    """
    made = list(rows)
    if not made:
        return made
    sql, fields = statement(type(made[0]))
    columns = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in made] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, columns)
        for row, (pk,) in zip(made, cursor.fetchall(), strict=True):
            row.pk = pk
            row._state.adding, row._state.db = False, connection.alias
    return made


@cache
def statement(model: type[Model]) -> tuple[str, list[Any]]:
    """Return the INSERT and the fields whose values it wants, one array each."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    arrays = ", ".join(f"%s::{type_of(field)}[]" for field in fields)
    names = ", ".join(f'"{field.column}"' for field in fields)
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT * FROM unnest({arrays}) RETURNING "{model._meta.pk.column}"'  # noqa: S608
    return sql, fields


def type_of(field: Any) -> str:
    """Return the type of a column without its length: a cast to ``varchar(64)`` would cut what the column refuses."""
    known: str = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return known.partition("(")[0]
