"""Migrating drops work that Django would do; the database must not be able to tell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded.postgres import APP, OWNER, SUPERUSER, Postgres, wheel
from deploy.migrating import REACHING_FURTHER, lean_states
from tests.harness.host import ROOT

WAYS = {"usual": "from django.core.management import call_command; call_command('migrate', verbosity=0)", "lean": "migrate()"}
PROGRAM = "import django; django.setup(); from deploy.migrating import migrate; {}"


def described(cluster: Postgres, name: str, way: str) -> list[str]:
    """Return everything that the migrations made, as the server itself would write it down."""
    cluster.create_database(name)
    env = os.environ | {"DATABASE_URL": cluster.url(OWNER, name), "DATABASE_OWNER_URL": cluster.url(OWNER, name)}
    subprocess.run([sys.executable, "-c", PROGRAM.format(way)], env=env, cwd=ROOT, check=True)
    command = [wheel() / "bin" / "pg_dump", "--no-sync", "--exclude-table-data=django_migrations", "-d", cluster.url(SUPERUSER, name)]
    told = subprocess.run(command, env=os.environ, check=True, capture_output=True, text=True).stdout
    return [line for line in told.splitlines() if not line.startswith(("--", "\\restrict", "\\unrestrict"))]


class TestMigrating:
    @pytest.mark.exhaustive
    def test_makes_what_django_makes(self, servers_folder: Path) -> None:
        with Postgres(servers_folder / "migrated") as cluster:
            usual, lean = (described(cluster, name, way) for name, way in WAYS.items())

        assert len(usual) > 5000
        assert APP in "".join(usual)
        assert lean == usual

    def test_leaves_django_as_it_was(self) -> None:
        before = [kind.database_forwards for kind in REACHING_FURTHER]

        with lean_states():
            assert [kind.database_forwards for kind in REACHING_FURTHER] != before

        assert [kind.database_forwards for kind in REACHING_FURTHER] == before
