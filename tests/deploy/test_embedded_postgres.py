"""The embedded PostgreSQL: its promises, its roles, and that it comes back."""

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from deploy.embedded.postgres import APP, OWNER, SUPERUSER, Postgres


@pytest.fixture(scope="module")
def postgres(servers_folder: Path) -> Iterator[Postgres]:
    with Postgres(servers_folder / "postgres") as server:
        server.create_database()
        server.psql("CREATE TABLE kept (id bigserial PRIMARY KEY, word text)", database="wuyou", role=OWNER)
        yield server


def ask(postgres: Postgres, sql: str, role: str = APP) -> str:
    return postgres.psql(sql, database="wuyou", role=role)


class TestTheServer:
    @pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
    def test_keeps_what_it_acknowledged(self, postgres: Postgres, name: str) -> None:
        assert ask(postgres, f"SHOW {name}") == "on"

    def test_keeps_durability_although_its_superuser_says_otherwise(self, postgres: Postgres) -> None:
        postgres.psql("ALTER SYSTEM SET fsync = off")
        postgres.psql("SELECT pg_reload_conf()")

        assert ask(postgres, "SHOW fsync") == "on"

    def test_listens_on_the_loopback_address_only(self, postgres: Postgres) -> None:
        assert ask(postgres, "SHOW listen_addresses") == "127.0.0.1"
        assert ask(postgres, "SHOW unix_socket_directories", role=SUPERUSER) == ""

    def test_lets_nobody_in_without_the_password(self, postgres: Postgres) -> None:
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(postgres.url(SUPERUSER).replace(postgres.password(SUPERUSER), "wrong"))

    def test_orders_text_the_same_on_every_machine(self, postgres: Postgres) -> None:
        found = ask(postgres, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'wuyou'")

        assert found == "b|C.UTF-8"


class TestTheApplicationRole:
    def test_reads_and_writes_what_the_owner_made(self, postgres: Postgres) -> None:
        assert ask(postgres, "INSERT INTO kept (word) VALUES ('a') RETURNING word") == "a"
        assert ask(postgres, "UPDATE kept SET word = 'b' RETURNING word") == "b"
        assert ask(postgres, "DELETE FROM kept RETURNING word") == "b"

    @pytest.mark.parametrize("sql", ["TRUNCATE kept", "DROP TABLE kept", "CREATE TABLE other ()", "ALTER TABLE kept DISABLE TRIGGER ALL"])
    def test_may_neither_truncate_nor_change_the_schema(self, postgres: Postgres, sql: str) -> None:
        connection = psycopg2.connect(postgres.url())
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(sql)
        connection.close()

    @pytest.mark.parametrize("role", [APP, OWNER])
    def test_and_the_owner_have_no_right_over_the_server(self, postgres: Postgres, role: str) -> None:
        found = ask(postgres, f"SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = '{role}'")

        assert found == "f|f|f|f"

    def test_finds_the_extensions(self, postgres: Postgres) -> None:
        found = ask(postgres, "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")

        assert found.splitlines() == ["btree_gist", "citext", "pg_trgm"]


class TestStartingAgain:
    def test_finds_what_was_committed_before_it_was_killed(self, postgres: Postgres) -> None:
        port = postgres.port
        ask(postgres, "INSERT INTO kept (word) VALUES ('acknowledged')")

        postgres.kill()
        postgres.start()

        assert ask(postgres, "SELECT count(*) FROM kept WHERE word = 'acknowledged'") == "1"
        assert postgres.port == port

    def test_leaves_an_existing_cluster_as_it_is(self, postgres: Postgres) -> None:
        password = postgres.password(APP)

        Postgres(postgres.home).create()
        postgres.create_database()

        assert postgres.password(APP) == password

    def test_takes_another_port_if_the_wished_one_is_taken(self, postgres: Postgres, servers_folder: Path) -> None:
        with Postgres(servers_folder / "second", port=postgres.port) as second:
            assert second.is_ready
            assert second.port != postgres.port
