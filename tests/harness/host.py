"""The servers of one test session, in a process of their own that ends when the session ends, by whatever cause.

Started by the pytest controller as ``python -m tests.harness.host``. It writes one line of JSON (where to ask, the address of Valkey),
then answers ``database`` on a local socket: the first asker causes the cluster and the migrated template to be made. When its
standard input closes – pytest is done, was interrupted or killed – it stops the servers and removes their folder.
Standard library only.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deploy.embedded import process
from deploy.embedded.postgres import APP, OWNER, SUPERUSER, Postgres
from deploy.embedded.valkey import Valkey
from tests.harness import ready_made

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = "wuyou_template"
PREFIX = "wuyou-test-"
SERVER_SETTINGS = {
    "max_connections": "200",
    "checkpoint_timeout": "1h",
    "max_wal_size": "256MB",
    "autovacuum": "off",  # nothing lives long enough
    "scram_iterations": "1",  # the passwords die with the session; thousands of connections would each stretch them
}


class SessionIsOver(Exception):
    """The controller went away."""


def servers_folder() -> Path:
    """Return a new folder that the servers' user can reach and whose name leaves room for a socket; in memory if there is plenty."""
    user = process.system_user()
    for parent in (*_in_memory(), Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")):  # noqa: S108  only when TMPDIR does not serve
        if len(str(parent)) < 60 and parent.is_dir() and process.is_reachable(parent, user):
            remove_left_overs(parent)
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
            folder.chmod(0o711)
            (folder / "pid").write_text(str(os.getpid()))
            return folder
    raise process.ServerFailed("no temporary folder that PostgreSQL could use")


def _in_memory() -> list[Path]:
    """fsync stays on, but costs nothing there: cloning a database is ten times faster (0.1 s)."""
    shm = Path("/dev/shm")  # noqa: S108  the files lie in a folder of our own
    if not shm.is_dir() or not os.access(shm, os.W_OK):
        return []
    found = os.statvfs(shm)
    plenty = found.f_bavail * found.f_frsize > 4 * 2**30 and _available_memory() > 6 * 2**30
    return [shm] if plenty and not found.f_flag & os.ST_NOEXEC else []


def _available_memory() -> int:
    with contextlib.suppress(OSError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return 0


def remove_left_overs(parent: Path) -> None:
    """Remove the folders of sessions whose host was killed before it could."""
    for folder in parent.glob(PREFIX + "*"):
        with contextlib.suppress(OSError, ValueError):
            pid = int((folder / "pid").read_text())
            if folder.stat().st_uid == os.geteuid() and not _is_alive(pid):
                shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Host:
    def __init__(self) -> None:
        self.folder = servers_folder()
        self.valkey = Valkey(self.folder / "valkey")
        self.postgres = Postgres(self.folder / "postgres", settings=SERVER_SETTINGS)
        self.answer: bytes = b""
        self.door = socket.socket(socket.AF_UNIX)

    def serve(self) -> None:
        """Answer until the controller goes away."""
        self.valkey.start()
        self.door.bind(str(self.folder / "ask"))
        self.door.listen(64)
        print(json.dumps({"folder": str(self.folder), "valkey": self.valkey.url}), flush=True)
        while True:
            self._watch(self.door)
            asker, _ = self.door.accept()
            with asker, contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.answer = self.answer or self._build()
                asker.sendall(self.answer)

    def _watch(self, *doors: socket.socket, seconds: float | None = None) -> None:
        if sys.stdin in select.select([sys.stdin, *doors], [], [], seconds)[0]:
            raise SessionIsOver

    def _build(self) -> bytes:
        try:
            process.passable_folder(self.postgres.home)
            if not ready_made.fetch(self.postgres.home, self.postgres.user):
                self._make()
            self.postgres.start()
        except process.ServerFailed as failure:
            return json.dumps({"error": str(failure)}).encode()
        urls = {role: self.postgres.url(role, "{database}") for role in (APP, OWNER, SUPERUSER)}
        return json.dumps({"template": TEMPLATE, "urls": urls}).encode()

    def _make(self) -> None:
        """Make the cluster with its migrated template, and keep a copy for the next session."""
        begun_at = time.time()
        self.postgres.create()
        self.postgres.start()
        self.postgres.create_database(TEMPLATE)
        sources = self._migrate()
        self.postgres.stop()
        ready_made.keep(self.postgres.home, sources, self.postgres.user, begun_at=begun_at)

    def _migrate(self) -> list[str]:
        """Migrate the template as the owner and return the project's files that this has read."""
        owner = self.postgres.url(OWNER, TEMPLATE)
        log, told = self.folder / "migrate.log", self.folder / "migrate.json"
        child = process.spawn(
            [sys.executable, "-m", "tests.harness.migrate", str(told)],
            end=signal.SIGKILL,
            env=os.environ | {"DATABASE_URL": owner, "DATABASE_OWNER_URL": owner, "PYTHONDONTWRITEBYTECODE": ""},
            cwd=ROOT,
            output=log,
        )
        while child.poll() is None:
            self._watch(seconds=0.02)
        if child.returncode:
            raise process.ServerFailed(f"the migrations failed:\n{process.tail(log, 40)}")
        return list(json.loads(told.read_text()))

    def close(self) -> None:
        self.postgres.kill()  # nothing in it is wanted any more
        self.valkey.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the controller's; it ends us when it has finished
    signal.signal(signal.SIGTERM, _end)
    host = Host()
    try:
        host.serve()
    except SessionIsOver:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        host.close()


def _end(*_: object) -> None:
    raise SessionIsOver


def start(env: dict[str, str]) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
    """Start the host (called in the controller) and return it with what it announced."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.harness.host"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=env,
        start_new_session=True,
    )
    assert child.stdout
    line = child.stdout.readline()
    if not line:
        raise process.ServerFailed("the test servers did not start; the reason stands above")
    return child, json.loads(line)


if __name__ == "__main__":
    main()
