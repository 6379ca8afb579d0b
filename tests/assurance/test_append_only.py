"""Who may change what must never change: nobody, tried as the application, as the owner and as the superuser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from psycopg2 import errors

from assurance.database import AppendOnly
from deploy.embedded.postgres import SUPERUSER
from tests.harness import session

APPEND_ONLY = [
    "assurance_event",
    "assurance_evidenceentry",
    "assurance_logplace",
    "assurance_lognode",
    "assurance_checkpoint",
    "assurance_fact",
    "assurance_clearance",
    "assurance_categoryconcern",
    "assurance_claimevidence",
    "assurance_claimfinding",
    "qc_checklist",
    "qc_outboundcheck",
    "qc_dayofchecks",
    "qc_checkphoto",
    "qc_checkshare",
    "qc_drawday",
    "qc_parceldraw",
    "qc_returninspection",
    "qc_inspectionphoto",
    "qc_returndisposition",
    "warehouse_returnphoto",
    "qc_labresult",
    "qc_verification",
    "qc_samplehandover",
    "qc_drawseed",
    "qc_inspectionseed",
    "qc_severityswitch",
    "qc_pointsanswered",
    "qc_benchphoto",
    "assurance_ratecard",
    "assurance_operation",
    "assurance_feeline",
    "assurance_posting",
    "assurance_creditnote",
]
ATTACKS = [
    'UPDATE "{table}" SET {column} = {column}',
    'UPDATE "{table}" SET {column} = {column} WHERE false',
    'DELETE FROM "{table}"',
    'TRUNCATE "{table}" CASCADE',
    'MERGE INTO "{table}" t USING (SELECT 1) s ON false WHEN MATCHED THEN DELETE',
    'WITH gone AS (DELETE FROM "{table}" RETURNING *) SELECT count(*) FROM gone',
]


@pytest.fixture
def owner(db: None) -> Iterator[Any]:
    """The migrating owner's cursor on the test's database; nothing it does stays."""
    as_owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    with as_owner.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        yield cursor
    as_owner.rollback()
    as_owner.close()


def column_of(table: str) -> str:
    return next(model for model in apps.get_models() if model._meta.db_table == table)._meta.concrete_fields[-1].column


@pytest.mark.parametrize("table", APPEND_ONLY)
class TestAnAppendOnlyTable:
    def test_gives_the_application_no_right_to_change_it(self, db, table):
        for attack in ATTACKS:
            with pytest.raises(ProgrammingError) as refusal, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack.format(table=table, column=column_of(table)))

            assert isinstance(refusal.value.__cause__, errors.InsufficientPrivilege), attack

    def test_refuses_even_its_owner_and_names_the_rule(self, owner, table):
        for attack in ATTACKS:
            owner.execute("SAVEPOINT attack")
            with pytest.raises(errors.RestrictViolation) as refusal:
                owner.execute(attack.format(table=table, column=column_of(table)))

            assert (refusal.value.diag.constraint_name, refusal.value.diag.table_name) == (f"{table}_is_append_only", table), attack
            owner.execute("ROLLBACK TO SAVEPOINT attack")

    def test_keeps_its_guard_where_ordinary_triggers_are_silenced(self, db, table):
        superuser = psycopg2.connect(session.cluster().url(SUPERUSER, connection.settings_dict["NAME"]))
        with superuser.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            with pytest.raises(errors.RestrictViolation):
                cursor.execute(f"DELETE FROM {table}")
        superuser.close()

    def test_does_not_let_the_application_remove_the_guard(self, db, table):
        for attack in (
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TRIGGER {table}_is_append_only ON {table}",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            f"DROP TABLE {table} CASCADE",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack)

    def test_does_not_let_the_application_give_itself_the_right(self, db, table):
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT UPDATE, DELETE ON {table} TO CURRENT_USER")  # PostgreSQL only warns that nothing was granted
            assert rights_on(table, cursor) == ["INSERT", "SELECT"]

    def test_can_be_undone_and_done_again_by_its_migration(self, owner, table):
        operation = AppendOnly(table)

        for statement in operation.reverse_sql:
            owner.execute(statement)
        owner.execute(f"DELETE FROM {table} WHERE false")
        assert rights_on(table, owner) == ["INSERT", "SELECT", "UPDATE", "DELETE"]

        for statement in operation.sql:
            owner.execute(statement)
        assert rights_on(table, owner) == ["INSERT", "SELECT"]
        with pytest.raises(errors.RestrictViolation):
            owner.execute(f"DELETE FROM {table}")


def rights_on(table: str, owner: Any) -> list[str]:
    every = ["INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE"]
    owner.execute("SELECT p FROM unnest(%s) p WHERE has_table_privilege('wuyou_app', %s, p)", [every, table])
    return [row[0] for row in owner.fetchall()]


KEPT = ("merchant_id", "product_id", "warehouse_id", "lot_id", "code", "because", "opened_at", "opened_by_id")


class TestAStop:
    @pytest.mark.parametrize("column", KEPT)
    def test_keeps_what_it_stopped_and_why(self, db, column):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE assurance_stop SET {column} = {column}")

    def test_is_never_deleted(self, db):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM assurance_stop")
