"""A witness of its own for every test, and a superuser who switches every guard off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.assurance.evidence.ledger import Tamper, write_log

TABLES = ("event", "evidenceentry", "logplace", "lognode", "checkpoint", "logwaiting")


@pytest.fixture(autouse=True)
def witness_folder(settings: Any, tmp_path: Path) -> Path:
    settings.WITNESS_DIR = tmp_path / "witness"
    return tmp_path / "witness"


@pytest.fixture
def superuser(committed_db: Any) -> Iterator[Callable[..., None]]:
    """Run SQL as the superuser with every trigger and foreign key of the log off."""
    session = psycopg2.connect(committed_db.superuser_url)

    def run(*statements: str, given: tuple[Any, ...] | None = None) -> None:
        with session, session.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE assurance_{table} DISABLE TRIGGER ALL")
            for statement in statements:
                cursor.execute(statement, given)
                assert cursor.rowcount, "nothing was tampered with"  # -1 for what is no statement on rows
            for table in TABLES:
                cursor.execute(f"ALTER TABLE assurance_{table} ENABLE TRIGGER ALL")

    yield run
    session.close()


@pytest.fixture
def tamper(superuser: Tamper) -> Tamper:
    """Ten turns of three entries, a checkpoint after each; then SQL as the superuser with every trigger and foreign key off."""
    write_log(10)
    return superuser
