"""``make run`` as somebody would use it: start, answer, stop, start again, die."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import psutil
import pytest

from deploy.embedded import process
from deploy.embedded.postgres import DATABASE, OWNER, Postgres
from tests.harness import host, ready_made, session

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
USUAL_PORTS = (8000, 5432, 6379)
READY = "Ctrl-C stops everything"
PLATFORM = {"gunicorn", "worker", "relay", "beat", "postgres", "valkey-server"}


class Running:
    """One supervisor in a data folder of its own; what it says is read as it says it."""

    def __init__(self, var: Path, *, demo: bool = False) -> None:
        self.var = var
        environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "deploy.run"],
            cwd=ROOT,
            env=environment | {"VAR_DIR": str(var), "LOAD_DEMO": "true" if demo else "false"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = ""

    def read_until(self, text: str) -> Self:
        """Read on until the text was said; fail with all that was said if it ends before."""
        assert self.child.stdout
        for line in self.child.stdout:
            self.said += line
            if text in line:
                return self
        raise AssertionError(f"it ended without saying {text!r}:\n{self.said}")

    @property
    def address(self) -> str:
        return re.findall(r"http://localhost:\d+", self.said)[-1]

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.child.pid).children(recursive=True)

    def programs(self) -> dict[str, psutil.Process]:
        """The direct children by what they are."""
        found = {}
        for child in psutil.Process(self.child.pid).children():
            words = [Path(word).name for word in child.cmdline()]
            found[next(word for word in words if word in PLATFORM)] = child
        return found

    def postgres(self) -> Postgres:
        """The running cluster, to ask it."""
        url = json.loads((self.var / "servers.json").read_text())["DATABASE_URL"]
        pointer = self.var / "servers.elsewhere"
        home = Path(pointer.read_text()) if pointer.exists() else self.var / "servers"
        return Postgres(home / "postgres", port=int(re.findall(r":(\d+)/", url)[0]))

    def end(self, how: signal.Signals) -> list[psutil.Process]:
        """Send the signal, wait for the end and return what is left of the family."""
        family = self.family()
        self.child.send_signal(how)
        assert self.child.stdout
        self.said += self.child.stdout.read()
        self.child.wait(60)
        _, alive = psutil.wait_procs(family, timeout=20)
        return alive


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A data folder of an earlier day: the proof's start with the demo fills an empty one."""
    folder = host.servers_folder()
    home = folder / "var" / "servers" / "postgres"
    home.mkdir(parents=True)
    home.parent.chmod(0o711)
    home.parent.parent.chmod(0o711)
    migrated = session.cluster().template
    process.passable_folder(home)
    if ready_made.fetch(home, process.system_user()):
        earlier = Postgres(home)
        earlier.start()
        earlier.psql(f"ALTER DATABASE {migrated} RENAME TO {DATABASE}")
        earlier.stop()
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def running(var: Path) -> Iterator[Running]:
    started = Running(var)
    yield started
    if started.child.poll() is None:
        started.end(signal.SIGKILL)


@pytest.fixture
def usual_ports_taken() -> Iterator[None]:
    with contextlib.ExitStack() as taken:
        for port in USUAL_PORTS:
            listener = taken.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):  # somebody else has it: just as well
                listener.bind(("127.0.0.1", port))
                listener.listen()
        yield


def asked(address: str) -> dict[str, object]:
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
        return json.load(answer)


class TestMakeRun:
    """In the order of a user's day; the data folder is the same throughout (files stay together on one process)."""

    def test_starts_everything_on_other_ports_if_the_usual_ones_are_taken(self, usual_ports_taken: None, running: Running) -> None:
        running.read_until(READY)

        for port in USUAL_PORTS:
            assert f"{port} is taken" in running.said
        assert set(running.programs()) == PLATFORM
        assert asked(running.address) == {"status": "ok", "silent": []}
        running.postgres().psql("CREATE TABLE kept AS SELECT 'still here' AS word", database="wuyou", role=OWNER)

        assert running.end(signal.SIGINT) == []
        assert running.child.returncode == 0
        assert running.said.endswith("stopped; nothing is left running\n")

    @pytest.mark.exhaustive
    def test_fills_an_empty_database_with_the_demo_and_says_who_may_sign_in(self) -> None:
        """What is loaded is looked at in tests/demo."""
        folder = host.servers_folder()
        started = Running(folder / "var", demo=True)
        try:
            started.read_until(READY)
            assert started.postgres().psql("SELECT count(*) > 0 FROM warehouse_parcel", database="wuyou") == "t"
            assert "password of all" in started.said
            assert started.end(signal.SIGTERM) == []
            assert started.said.endswith("stopped; nothing is left running\n")
        finally:
            if started.child.poll() is None:
                started.end(signal.SIGKILL)
            shutil.rmtree(folder)

    def test_keeps_the_data_refuses_a_second_start_and_starts_the_dead_again(self, running: Running) -> None:
        running.read_until(READY)

        assert running.postgres().psql("SELECT word FROM kept", database="wuyou") == "still here"
        second = Running(running.var)
        assert second.child.wait(30) == 1
        assert second.child.stdout
        assert second.child.stdout.read() == f"the platform already runs here, as process {running.child.pid}\n"
        assert asked(running.address)["status"] == "ok"

        programs = running.programs()
        programs["worker"].kill()
        programs["postgres"].kill()
        running.read_until("worker runs again")
        if "PostgreSQL runs again" not in running.said:
            running.read_until("PostgreSQL runs again")

        assert set(running.programs()) == PLATFORM
        assert running.postgres().psql("SELECT word FROM kept", database="wuyou") == "still here"
        assert running.end(signal.SIGKILL) == []  # even then nobody is left behind

    def test_leaves_nothing_when_it_is_ended_while_it_starts(self, running: Running) -> None:
        running.read_until("PostgreSQL listens")

        assert running.end(signal.SIGTERM) == []
        assert running.child.returncode == 0
        assert running.said.endswith("stopped; nothing is left running\n")

    def test_says_in_one_line_why_it_cannot_start(self, var: Path) -> None:
        environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), "DATABASE_URL": "postgresql://wuyou_app:a@b/c"}
        done = subprocess.run([sys.executable, "-m", "deploy.run"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

        assert done.returncode == 1
        assert done.stderr == "DATABASE_OWNER_URL: is required together with DATABASE_URL (see .env.example)\n"

    def test_is_emptied_by_reset_but_not_while_it_runs(self, var: Path) -> None:
        environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(var)}
        command = [sys.executable, "-m", "deploy.reset"]
        with (var / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            refused = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert refused.returncode == 1
        assert refused.stderr.startswith("the platform already runs here")
        assert (var / "secret-key").exists()

        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        assert {path.name for path in var.iterdir()} == {"lock", "static", "static.made-from"}
