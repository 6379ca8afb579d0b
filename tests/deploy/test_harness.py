"""What every other test stands on."""

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.db import connection, connections, transaction

from tests.harness import host, ready_made
from tests.harness.databases import CommittedDatabase


def ask(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


WRITE = "INSERT INTO django_content_type (app_label, model) VALUES ('harness', 'written') RETURNING model"
COUNT = "SELECT count(*) FROM django_content_type WHERE app_label = 'harness'"


class TestATestInATransaction:
    def test_runs_as_the_application_role(self, db: None) -> None:
        assert ask("SELECT current_user") == "wuyou_app"

    @pytest.mark.parametrize("time", ["first", "second"])
    def test_leaves_nothing_for_the_next(self, db: None, time: str) -> None:
        assert ask(COUNT) == 0
        assert ask(WRITE) == "written"

    def test_may_not_truncate(self, db: None) -> None:
        with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
            cursor.execute("TRUNCATE django_content_type CASCADE")


class TestATestThatCommits:
    @pytest.mark.parametrize("time", ["first", "second"])
    def test_has_a_database_of_its_own_that_threads_and_processes_share(self, committed_db: CommittedDatabase, time: str) -> None:
        assert ask(COUNT) == 0
        assert connection.settings_dict["NAME"] == committed_db.name

        def write_in_a_thread() -> None:
            ask(WRITE.replace("written", "thread"))
            connections.close_all()

        ask(WRITE)
        thread = threading.Thread(target=write_in_a_thread)
        thread.start()
        thread.join()
        other = psycopg2.connect(os.environ["DATABASE_URL"])
        with other.cursor() as cursor:
            cursor.execute(COUNT)
            assert cursor.fetchone() == (2,)
        other.close()

    def test_commits_in_atomic_blocks(self, transactional_db: None) -> None:
        with transaction.atomic():
            ask(WRITE)
        assert not connection.in_atomic_block
        assert ask(COUNT) == 1


@pytest.fixture
def started() -> Iterator[tuple[subprocess.Popen[bytes], Path, list[psutil.Process]]]:
    """A host with its Valkey, as a test session starts it."""
    child, told = host.start(dict(os.environ))
    yield child, Path(told["folder"]), psutil.Process(child.pid).children()
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        assert pipe
        pipe.close()


class TestTheServersOfASession:
    def test_end_when_the_session_goes_away(self, started: tuple[subprocess.Popen[bytes], Path, list[psutil.Process]]) -> None:
        child, folder, servers = started
        assert child.stdin
        assert [server.name() for server in servers] == ["valkey-server"]

        child.stdin.close()

        assert child.wait(20) == 0
        assert not any(server.is_running() for server in servers)
        assert not folder.exists()

    def test_end_even_when_their_host_is_killed_and_the_next_session_tidies_up(
        self, started: tuple[subprocess.Popen[bytes], Path, list[psutil.Process]]
    ) -> None:
        child, folder, servers = started

        child.kill()
        child.wait()

        psutil.wait_procs(servers, timeout=10)
        assert not any(server.is_running() and server.status() != psutil.STATUS_ZOMBIE for server in servers)
        host.remove_left_overs(folder.parent)
        assert not folder.exists()


class TestTheReadyMadeCluster:
    def test_is_used_only_while_what_it_was_made_from_is_unchanged(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ready_made, "ROOT", tmp_path)
        migrations = tmp_path / "qc" / "migrations"
        migrations.mkdir(parents=True)
        model = tmp_path / "qc" / "models.py"
        model.write_text("a")
        seen = [ready_made.key(["qc/models.py"], None)]

        model.write_text("b")
        seen.append(ready_made.key(["qc/models.py"], None))
        (migrations / "0002_new.py").touch()
        seen.append(ready_made.key(["qc/models.py"], None))
        model.unlink()
        seen.append(ready_made.key(["qc/models.py"], None))

        assert len(set(seen)) == 4
        assert ready_made.key(["qc/models.py"], None) == seen[-1]
