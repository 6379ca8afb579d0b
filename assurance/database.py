"""What the database refuses whoever asks, as migration operations: rows that never change, columns that never change."""

from __future__ import annotations

from typing import Any

from django.db import migrations

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

    ``OnlyChanging("assurance_stop", "lifted_at", "lift_reason")``; save with ``update_fields``.
    """

    def __init__(self, table: str, *columns: str) -> None:
        self.table, self.columns = table, columns
        names = ", ".join(f'"{column}"' for column in columns)
        super().__init__(
            sql=[_for_every_grantee(table, "REVOKE UPDATE, DELETE, TRUNCATE", f"GRANT UPDATE ({names})")],
            reverse_sql=[_for_every_grantee(table, f"REVOKE UPDATE ({names})", "GRANT UPDATE, DELETE")],
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table, *self.columns], {}

    def describe(self) -> str:
        return f"Let only {', '.join(self.columns)} of {self.table} change"
