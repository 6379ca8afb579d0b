"""What the servers must promise before the platform starts: each promise was seen to be missed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import connection
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from assurance import boot
from deploy.embedded.postgres import APP, OWNER, SUPERUSER, Postgres
from deploy.embedded.valkey import Valkey
from tests.harness import databases, host


def faults() -> list[str]:
    return [f"{fault.id} {fault.msg}" for fault in run_checks(tags=[boot.TAG], databases=["default"])]


@pytest.fixture(scope="module")
def careless() -> Iterator[Postgres]:
    """A PostgreSQL that promises nothing."""
    folder = host.servers_folder()
    settings = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "cluster_name": boot.EMBEDDED}
    with Postgres(folder / "postgres", settings=settings, checksums=False) as postgres:
        postgres.create_database()
        postgres.psql("CREATE TABLE kept (id int)", database="wuyou", role=OWNER)
        yield postgres
    shutil.rmtree(folder)


@pytest.fixture
def connected(careless: Postgres, django_db_setup: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Postgres]:
    """Our connection goes to the careless server as the application role."""
    with django_db_blocker.unblock():
        databases.connect_to(careless.url(APP))
        yield careless
        databases.route_to(django_db_setup)


class TestTheServersOfThisSession:
    def test_promise_everything(self, db: None) -> None:
        assert faults() == []

    def test_are_not_asked_by_a_check_without_a_database(self) -> None:
        assert run_checks(tags=[boot.TAG]) == []


class TestPostgreSQL:
    def test_is_refused_when_a_session_need_not_wait_for_the_disk(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")

        assert faults() == ["reliability.E002 PostgreSQL runs with synchronous_commit = off"]

    def test_is_refused_for_everything_that_could_lose_a_commit(self, connected: Postgres) -> None:
        names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")

        assert faults() == [f"reliability.E002 PostgreSQL runs with {name} = off" for name in names]

    def test_is_refused_when_it_does_not_answer(self, connected: Postgres) -> None:
        databases.connect_to(f"postgresql://{APP}:none@127.0.0.1:1/wuyou")

        assert [fault[:41] for fault in faults()] == ["reliability.E001 PostgreSQL does not answe"[:41]]

    def test_is_refused_in_production_when_it_is_the_embedded_one(self, connected: Postgres, settings: Settings) -> None:
        settings.PRODUCTION = True

        assert "reliability.E004 production runs on the embedded PostgreSQL" in faults()


class TestTheRole:
    def about_the_role(self) -> list[str]:
        return [fault.removeprefix("reliability.E003 the database role ") for fault in faults() if "E003" in fault]

    def test_is_refused_when_it_is_the_owner(self, connected: Postgres) -> None:
        databases.connect_to(connected.url(OWNER))

        assert self.about_the_role() == [
            "wuyou_owner owns tables",
            "wuyou_owner owns the database",
            "wuyou_owner may truncate tables",
        ]

    def test_is_refused_when_it_is_a_superuser(self, connected: Postgres) -> None:
        databases.connect_to(connected.url(SUPERUSER, "wuyou"))

        assert "postgres is a superuser" in self.about_the_role()

    @pytest.mark.parametrize(
        ("grant", "revoke", "fault"),
        [
            ("ALTER ROLE wuyou_app BYPASSRLS", "ALTER ROLE wuyou_app NOBYPASSRLS", "bypasses row-level security"),
            ("ALTER ROLE wuyou_app CREATEROLE", "ALTER ROLE wuyou_app NOCREATEROLE", "may create roles or databases"),
            ("GRANT TRUNCATE ON kept TO wuyou_app", "REVOKE TRUNCATE ON kept FROM wuyou_app", "may truncate tables"),
        ],
    )
    def test_is_refused_when_it_may_too_much(self, connected: Postgres, grant: str, revoke: str, fault: str) -> None:
        connected.psql(grant, database="wuyou")
        try:
            assert self.about_the_role() == [f"wuyou_app {fault}"]
        finally:
            connected.psql(revoke, database="wuyou")
        assert self.about_the_role() == []


class TestValkey:
    @pytest.fixture
    def forgetful(self, tmp_path: Path) -> Iterator[Valkey]:
        folder = host.servers_folder()
        settings = {"maxmemory-policy": "allkeys-lru", "availability-zone": boot.EMBEDDED}
        with Valkey(folder / "valkey", settings=settings) as valkey:
            yield valkey
        shutil.rmtree(folder)

    def test_is_refused_when_it_may_evict(self, db: None, forgetful: Valkey, settings: Settings) -> None:
        settings.REDIS_URL = forgetful.url

        assert faults() == ["reliability.E006 Valkey runs with maxmemory-policy allkeys-lru"]

    def test_is_refused_in_production_when_it_is_the_embedded_one(self, db: None, forgetful: Valkey, settings: Settings) -> None:
        settings.REDIS_URL = forgetful.url
        settings.PRODUCTION = True

        assert "reliability.E007 production runs on the embedded Valkey" in faults()

    def test_is_refused_when_it_does_not_answer(self, db: None, settings: Settings) -> None:
        settings.REDIS_URL = "redis://127.0.0.1:1/0"

        assert faults() == ["reliability.E005 Valkey does not answer: ConnectionError"]

    def test_is_refused_when_the_password_is_wrong(self, db: None, settings: Settings) -> None:
        settings.REDIS_URL = os.environ["REDIS_URL"].replace(":@", ":x@").replace("redis://:", "redis://:x")

        assert faults() == ["reliability.E005 Valkey does not answer: AuthenticationError"]


class TestWorkbooks:
    @pytest.mark.promise("G26")
    def test_with_a_document_type_are_refused_or_nothing_starts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert boot.check_workbooks() == []
        monkeypatch.setattr(boot, "walk", lambda *_args, **_more: None)

        assert [error.id for error in boot.check_workbooks()] == ["reliability.E020"]
