"""One test session: its environment, its host process, and Django set up before any conftest or test is imported."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from deploy.messages import compile_messages
from tests.harness import host

FOLDER = "WUYOU_TEST_FOLDER"  # handed to xdist workers and to processes that tests start
EXHAUSTIVE = "WUYOU_TEST_EXHAUSTIVE"
"""Set by ``make proof``: every page in every width, theme and language, every cell of the access table."""
One = TypeVar("One")
NOWHERE = "postgresql://wuyou_app:none@127.0.0.1:1/none"  # until a test asks for the database
_host: subprocess.Popen[bytes] | None = None


@dataclass(frozen=True)
class Cluster:
    """The session's PostgreSQL: a migrated template and the addresses by role."""

    template: str
    urls: dict[str, str]

    def url(self, role: str, database: str) -> str:
        return self.urls[role].format(database=database)


def begin() -> None:
    """Start the session's servers (or join those of the controller) and set Django up against them."""
    if not _is_running():
        _start()
    import django

    django.setup()


def _is_running() -> bool:
    folder = os.environ.get(FOLDER)
    return folder is not None and (Path(folder) / "ask").exists()


def _start() -> None:
    global _host
    _forget_what_the_shell_said()
    compile_messages()  # the pages are tested in both languages
    os.environ |= {
        "ENVIRONMENT": "local",
        "SECRET_KEY": "local-test-session",
        "DATABASE_URL": NOWHERE,
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    os.environ |= {"DATABASE_OWNER_URL": NOWHERE.replace("wuyou_app", "wuyou_owner"), "EMAIL_URL": "console://"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "assurance.settings"
    _host, told = host.start(dict(os.environ))
    atexit.register(end)
    folder = Path(told["folder"])
    (folder / "static").mkdir()
    os.environ |= {
        FOLDER: str(folder),
        "REDIS_URL": told["valkey"],
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "SIGNING_KEY_FILE": str(folder / "keys" / "checkpoint.key"),
        "WITNESS_DIR": str(folder / "witness"),
    }


def _forget_what_the_shell_said() -> None:
    """Tests mean the same on every machine: no variable of the platform comes from outside."""
    for line in (host.ROOT / ".env.example").read_text().splitlines():
        if not line.startswith("#"):
            os.environ.pop(line.partition("=")[0], None)


def end() -> None:
    """Stop the session's servers; only the process that started them does."""
    if _host and _host.poll() is None:
        _host.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            _host.wait(20)


def is_exhaustive() -> bool:
    """Say whether the further looks are wanted too."""
    return bool(os.environ.get(EXHAUSTIVE))


def portion(found: Sequence[One], turn: int, stride: int) -> Sequence[One]:
    """Return one in ``stride`` of these, beginning at another one each turn; ``make proof`` gets all. For tests marked ``sampled``."""
    return found if is_exhaustive() or not found else found[turn % min(stride, len(found)) :: stride]


def many(wanted: int, *, here: int = 12) -> int:
    """Return how many stand for many: what costs a question for each row shows with twelve as well. For tests marked ``sampled``."""
    return wanted if is_exhaustive() else here


def ask_early() -> None:
    """Have the database built while tests are still being collected."""
    with _line():
        pass


def cluster() -> Cluster:
    """Return the session's PostgreSQL; the first call waits until it is migrated.

    :raises RuntimeError: with the reason if it could not be made
    """
    with _line() as line:
        answer = b""
        while part := line.recv(65536):
            answer += part
    told = json.loads(answer)
    if "error" in told:
        raise RuntimeError(told["error"])
    return Cluster(template=told["template"], urls=told["urls"])


def _line() -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(Path(os.environ[FOLDER]) / "ask"))
    return line
