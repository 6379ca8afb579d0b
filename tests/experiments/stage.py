"""A stage for experiments: the real processes of the platform, each a direct child that can be killed and started again."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from types import TracebackType
from typing import Self

from deploy.embedded import process
from deploy.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]


class Stage:
    """Valkey, relay, worker and web against one committed database; everything ends with the ``with`` block."""

    def __init__(self, folder: Path, *, database_url: str, sabotage: str = "") -> None:
        self.folder = folder
        self.sabotage = sabotage
        self.valkey = Valkey(folder / "valkey")
        self.database_url = database_url
        self.children: dict[str, Popen[bytes]] = {}
        self.restarts = 0
        self.web_port = 0

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.valkey.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for name in list(self.children):
            self.kill(name)
        self.valkey.stop()

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.valkey.url,
            "DJANGO_SETTINGS_MODULE": "assurance.settings",
            "EXPERIMENT_SABOTAGE": self.sabotage,
            "ALLOWED_HOSTS": "127.0.0.1",
            "LOG_LEVEL": "WARNING",
        }

    def start(self, name: str) -> None:
        """Start ``relay``, ``worker``, ``beat`` or ``web``."""
        if name == "web" and not self.web_port:
            self.web_port = process.free_port()
        command = [sys.executable, "-m", "tests.experiments.entry", name, str(self.web_port)]
        self.children[name] = process.spawn(command, end=signal.SIGKILL, env=self.environment, cwd=ROOT, output=self.folder / f"{name}.log")

    def kill(self, name: str) -> None:
        """Kill a process and all its children, as a power cut would."""
        process.kill(self.children.pop(name))

    def supervise(self) -> None:
        """Start again what died, as the supervisor of ``make run`` and every container runtime do.

        A worker may die with its broker: kombu 5.7 raises while it closes a connection whose server is gone.
        """
        for name, child in list(self.children.items()):
            if child.poll() is not None:
                self.restarts += 1
                self.start(name)

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def empty_broker(self) -> None:
        """Kill Valkey and start it again without anything it held."""
        self.valkey.kill()
        self.valkey.start()

    def log(self, name: str) -> str:
        return process.tail(self.folder / f"{name}.log", 40)


def wait_until(holds: Callable[[], bool], *, seconds: float, pause: float = 0.05, stage: Stage | None = None) -> bool:
    """Ask until it holds or the time is over; return whether it holds. Meanwhile the stage is supervised."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        if stage:
            stage.supervise()
        time.sleep(pause)
    return holds()
