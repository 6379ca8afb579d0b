"""Keeping processes alive: start in order, restart the dead with growing pauses, stop in the opposite order."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from deploy.embedded import process

PAUSES = (1, 2, 4, 8, 16, 30)
"""Seconds before a dead service is started again; the last one repeats."""
SETTLED_SECONDS = 60
"""A service that lived so long begins with the first pause again."""
LARGEST_LOG = 10 * 2**20


class Service(Protocol):
    """Something with one child process."""

    name: str
    log: Path
    child: subprocess.Popen[bytes] | None

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def kill(self) -> None: ...


class Program:
    """A command as a service; its output goes to a log."""

    def __init__(self, name: str, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, patience: float = 20) -> None:
        self.name, self.command, self.env, self.cwd, self.log = name, list(command), env, cwd, log
        self.patience = patience
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.child = process.spawn(self.command, end=signal.SIGTERM, env=self.env, cwd=self.cwd, output=self.log)

    def ask_to_end(self) -> None:
        """Ask it to finish what it has in hand."""
        if self.child and self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """Give it time to finish; what is left of its session after that is killed."""
        if self.child:
            process.stop(self.child, signal.SIGTERM, seconds=self.patience)
            process.kill(self.child)

    def kill(self) -> None:
        if self.child:
            process.kill(self.child)


class Keeper:
    """Watches services; ``say`` tells a person what happened."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.services: list[Service] = []
        self._failures: dict[str, int] = {}
        self._started: dict[str, float] = {}
        self._due: dict[str, float] = {}

    def add(self, service: Service) -> None:
        """Start a service and keep it from now on."""
        self.services.append(service)
        self._started[service.name] = time.monotonic()
        service.start()

    def dead(self) -> list[Service]:
        return [service for service in self.services if service.child is None or service.child.poll() is not None]

    def look_after(self, now: float) -> None:
        """Notice the dead and start again those whose pause is over."""
        for service in self.dead():
            if service.name not in self._due:
                self._plan_restart(service, now)
            elif now >= self._due[service.name]:
                self._restart(service, now)

    def _plan_restart(self, service: Service, now: float) -> None:
        if now - self._started[service.name] > SETTLED_SECONDS:
            self._failures[service.name] = 0
        failures = self._failures.get(service.name, 0)
        pause = PAUSES[min(failures, len(PAUSES) - 1)]
        self._failures[service.name] = failures + 1
        self._due[service.name] = now + pause
        service.kill()  # what its leader left behind
        self.say(f"{service.name} ended ({how_it_ended(service.child)}); it is started again in {pause} s – see {service.log}")

    def _restart(self, service: Service, now: float) -> None:
        del self._due[service.name]
        self._started[service.name] = now
        try:
            service.start()
        except process.ServerFailed as failure:
            self.say(f"{service.name}: {failure}")
        else:
            self.say(f"{service.name} runs again")

    def stop_all(self) -> None:
        """Stop in the opposite order of starting, the programs at the same time and before the servers they use; nothing is left."""
        for service in self.services:
            if isinstance(service, Program):
                service.ask_to_end()
        for service in reversed(self.services):
            service.stop()


def how_it_ended(child: subprocess.Popen[bytes] | None) -> str:
    """Return "exit 1" or "SIGKILL"."""
    code = child.returncode if child else None
    if code is None:
        return "never ran"
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def tell(line: str) -> None:
    print(line, flush=True, file=sys.stdout)
