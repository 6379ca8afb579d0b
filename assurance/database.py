"""What the database refuses whoever asks, as migration operations: rows and columns that never change, steps no state may take."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

from django.db import DatabaseError, connection, migrations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import Field, Model

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END
$$
"""

TRIGGER = """
CREATE TRIGGER "{rule}" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""

# The roles are found, not named: whoever was granted the table (the application role by the owner's default privileges).
FOR_EVERY_GRANTEE = """
DO $$
DECLARE
    grantee text;
BEGIN
    FOR grantee IN
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
          FROM pg_class c, aclexplode(c.relacl) a
         WHERE c.oid = '"{table}"'::regclass AND a.grantee <> c.relowner AND a.privilege_type = 'INSERT'
    LOOP
        {statements}
    END LOOP;
END
$$
"""


def _for_every_grantee(table: str, *statements: str) -> str:
    lines = (f"EXECUTE '{statement} ON \"{table}\" {direction} ' || grantee;" for statement, direction in map(_directed, statements))
    return FOR_EVERY_GRANTEE.format(table=table, statements="\n        ".join(lines))


def _directed(statement: str) -> tuple[str, str]:
    return statement, "FROM" if statement.startswith("REVOKE") else "TO"


def constraint_of(error: DatabaseError) -> str:
    """Return the name of the constraint that refused, or ``""``."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def update_each(rows: Iterable[Model], fields: Sequence[str]) -> int:
    """Save these fields of many rows in one statement, each row with its own values; return how many there were.

    What ``bulk_update`` does, at a tenth of its time: the values travel as rows (``FROM (VALUES …)``), not as one CASE a field and row.
    """
    found = list(rows)
    if not found or not fields:
        return 0
    model = type(found[0])
    columns = [cast("Field[Any, Any]", model._meta.get_field(name)) for name in fields]
    # without its length: a cast to varchar(8) would cut a longer value off instead of refusing it
    types = [re.sub(r"\([^)]*\)", "", column.db_type(connection) or "") for column in columns]
    row = "(" + ", ".join(["%s::bigint", *(f"%s::{kind}" for kind in types)]) + ")"
    names = ", ".join(f'"{column.column}"' for column in columns)
    sets = ", ".join(f'"{column.column}" = v."{column.column}"' for column in columns)
    given: list[Any] = []
    for one in found:
        given += [one.pk, *(column.get_db_prep_save(getattr(one, column.attname), connection) for column in columns)]
    rows_sql = ", ".join([row] * len(found))
    target, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{target}" AS t SET {sets} FROM (VALUES {rows_sql}) AS v(pk, {names}) WHERE t."{key}" = v.pk', given)  # noqa: S608
    return len(found)


class AppendOnly(migrations.RunSQL):
    """Refuse UPDATE, DELETE and TRUNCATE on a table, the owner's too; the application role loses the rights besides.

    The refusal is an integrity error (SQLSTATE 23001) that carries ``<table>_is_append_only`` as its constraint. It stands in a
    migration after the one that makes the table: ``AppendOnly("warehouse_stockmove")``.
    """

    def __init__(self, table: str) -> None:
        self.table = table
        rule = f"{table}_is_append_only"
        super().__init__(
            sql=[
                FUNCTION,
                TRIGGER.format(rule=rule, table=table),
                # also where session_replication_role would silence ordinary triggers
                f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{rule}"',
                _for_every_grantee(table, "REVOKE UPDATE, DELETE, TRUNCATE"),
            ],
            reverse_sql=[
                f'DROP TRIGGER IF EXISTS "{rule}" ON "{table}"',
                _for_every_grantee(table, "GRANT UPDATE, DELETE"),
            ],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table], {}

    def describe(self) -> str:
        return f"Make {self.table} append-only"


class OnlyChanging(migrations.RunSQL):
    """Let the application role change only the named columns of a table, and delete no row.

    ``OnlyChanging("assurance_stop", "lifted_at", "lift_reason")``; save with ``update_fields``. Without a column the
    application role changes nothing, but triggers of the owner may.
    """

    def __init__(self, table: str, *columns: str) -> None:
        self.table, self.columns = table, columns
        names = ", ".join(f'"{column}"' for column in columns)
        granted = [f"GRANT UPDATE ({names})"] if names else []
        taken_back = [f"REVOKE UPDATE ({names})"] if names else []
        super().__init__(
            sql=[_for_every_grantee(table, "REVOKE UPDATE, DELETE, TRUNCATE", *granted)],
            reverse_sql=[_for_every_grantee(table, *taken_back, "GRANT UPDATE, DELETE")],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, *self.columns], {}

    def describe(self) -> str:
        return f"Let only {', '.join(self.columns) or 'nothing'} of {self.table} change"


class AlsoChanging(migrations.RunSQL):
    """Let the application role change further columns of a table that ``OnlyChanging`` guards: those that came later."""

    def __init__(self, table: str, *columns: str) -> None:
        self.table, self.columns = table, columns
        names = ", ".join(f'"{column}"' for column in columns)
        super().__init__(
            sql=[_for_every_grantee(table, f"GRANT UPDATE ({names})")], reverse_sql=[_for_every_grantee(table, f"REVOKE UPDATE ({names})")]
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, *self.columns], {}

    def describe(self) -> str:
        return f"Let {', '.join(self.columns)} of {self.table} change too"


class AlsoDeleting(migrations.RunSQL):
    """Let the application role delete rows of a table that ``OnlyChanging`` guards; a trigger says which, and when."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(sql=[_for_every_grantee(table, "GRANT DELETE")], reverse_sql=[_for_every_grantee(table, "REVOKE DELETE")])

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table], {}

    def describe(self) -> str:
        return f"Let rows of {self.table} be deleted"


EDGE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_unknown_edge() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    was text := to_jsonb(OLD) ->> TG_ARGV[0];
    becomes text := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF TG_ARGV[1]::jsonb -> was ? becomes THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '%.% does not go from % to %', TG_TABLE_NAME, TG_ARGV[0], was, becomes
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END
$$
"""

EDGE_TRIGGER = """
CREATE TRIGGER "{rule}" BEFORE UPDATE OF "{column}" ON "{table}" FOR EACH ROW
    WHEN (OLD."{column}" IS DISTINCT FROM NEW."{column}") EXECUTE FUNCTION refuse_unknown_edge('{column}', '{edges}')
"""


class StateEdges(migrations.RunSQL):
    """Let a state column move only along the edges of its ``lifecycle.NEXT``, whoever writes it.

    ``StateEdges("assurance_enrolment", "state", {"draft": ["submitted", "withdrawn"], …})``: the edges are written out, so
    that the migration stays what it was; ``tests/assurance/test_state_edges.py`` compares them with today's ``NEXT``. The refusal
    is an integrity error (SQLSTATE 23514) that carries ``<table>_<column>_edges`` as its constraint. New edges: the operation
    again in a new migration, it replaces the old ones.
    """

    def __init__(self, table: str, column: str, edges: Mapping[str, Sequence[str]]) -> None:
        self.table, self.column = table, column
        self.edges = {str(state): sorted(str(following) for following in after) for state, after in edges.items()}
        rule = f"{table}_{column}_edges"
        written = json.dumps(self.edges, sort_keys=True)
        drop = f'DROP TRIGGER IF EXISTS "{rule}" ON "{table}"'
        super().__init__(
            sql=[EDGE_FUNCTION, drop, EDGE_TRIGGER.format(rule=rule, table=table, column=column, edges=written)],
            reverse_sql=[drop],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, self.column, self.edges], {}

    def describe(self) -> str:
        return f"Let {self.table}.{self.column} move only along its edges"


class SameOwner(migrations.RunSQL):
    """Tie a row and what it refers to together by their owner, as a composite foreign key without a model field.

    ``SameOwner("assurance_enrolment", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id"))``; the target's
    columns carry a unique constraint. A row whose reference is null is not checked.
    """

    def __init__(self, table: str, columns: Sequence[str], target: str, target_columns: Sequence[str]) -> None:
        self.table, self.columns, self.target, self.target_columns = table, list(columns), target, list(target_columns)
        rule = f"{table}_{self.columns[0].removesuffix('_id')}_same_owner"
        ours, theirs = (", ".join(f'"{name}"' for name in names) for names in (columns, target_columns))
        tie = f'CONSTRAINT "{rule}" FOREIGN KEY ({ours}) REFERENCES "{target}" ({theirs}) DEFERRABLE INITIALLY DEFERRED'
        super().__init__(
            sql=[f'ALTER TABLE "{table}" ADD {tie}'],
            reverse_sql=[f'ALTER TABLE "{table}" DROP CONSTRAINT "{rule}"'],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, self.columns, self.target, self.target_columns], {}

    def describe(self) -> str:
        return f"Tie {self.table} to the owner of its {self.target}"
