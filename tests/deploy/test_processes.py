"""Children that never outlive their parent, and keeping services alive."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.embedded import process
from deploy.keeping import PAUSES, SETTLED_SECONDS, Keeper, Program

FOREVER = [sys.executable, "-c", "import signal; signal.pause()"]
ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import signal, subprocess, sys
from deploy.embedded import process
child = process.spawn([sys.executable, "-c", "import signal; signal.pause()"], end=signal.SIGTERM)
print(child.pid, flush=True)
signal.pause()
"""

CHILD_OF_A_CHILD = """
import pathlib, signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
signal.pause()
"""


class Ended(BaseException):
    """What a handler raises, as ``make run`` does."""


@pytest.fixture
def ending_raises() -> Iterator[type[BaseException]]:
    def raise_ended(*_: object) -> None:
        raise Ended

    before = signal.signal(signal.SIGTERM, raise_ended)
    yield Ended
    signal.signal(signal.SIGTERM, before)


class TestAChild:
    def test_ends_with_its_parent_even_if_that_one_is_killed(self) -> None:
        parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT)
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))

        parent.kill()
        parent.communicate()

        psutil.wait_procs([child], timeout=10)
        assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE

    def test_is_not_reached_by_the_keyboard_of_its_parent(self) -> None:
        child = process.spawn(FOREVER, end=signal.SIGTERM)

        assert os.getsid(child.pid) == child.pid
        assert process.kill(child) == -signal.SIGKILL

    def test_is_known_although_its_parent_is_asked_to_end_while_it_begins(
        self, monkeypatch: pytest.MonkeyPatch, ending_raises: type[BaseException]
    ) -> None:
        """The signal comes when the child exists but nobody holds it: it waits, and the child is still found."""
        fork, begun = subprocess.Popen._execute_child, []  # type: ignore[attr-defined]

        def interrupted(child: subprocess.Popen[bytes], *given: Any) -> None:
            fork(child, *given)
            begun.append(child)
            signal.raise_signal(signal.SIGTERM)  # to this thread: tests before may have left others, which would take it at once

        monkeypatch.setattr(subprocess.Popen, "_execute_child", interrupted)
        with pytest.raises(ending_raises):
            process.spawn(FOREVER, end=signal.SIGTERM)
        process.kill_all()

        assert [child.returncode for child in begun] == [-signal.SIGKILL]

    def test_hears_what_its_parent_was_spared_while_it_began(self) -> None:
        """Signals wait in the parent only: the child is ended by them as ever."""
        child = process.spawn(FOREVER, end=signal.SIGTERM)

        assert process.stop(child, signal.SIGTERM) == -signal.SIGTERM

    def test_that_does_not_listen_is_killed_after_its_patience(self) -> None:
        deaf = [sys.executable, "-c", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); signal.pause()"]
        child = subprocess.Popen(deaf, stdout=subprocess.PIPE, start_new_session=True)
        assert child.stdout
        child.stdout.readline()

        assert process.stop(child, signal.SIGTERM, seconds=0.1) == -signal.SIGKILL
        child.stdout.close()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def keeper(said: list[str]) -> Keeper:
    return Keeper(said.append)


def program(folder: Path, name: str, command: list[str]) -> Program:
    return Program(name, command, env=dict(os.environ), cwd=folder, log=folder / f"{name}.log")


class TestAKeeper:
    def test_starts_a_dead_service_again_after_a_pause_and_says_so(self, keeper: Keeper, said: list[str], tmp_path: Path) -> None:
        worker = program(tmp_path, "worker", FOREVER)
        keeper.add(worker)
        assert worker.child
        first = worker.child
        first.kill()
        first.wait()

        keeper.look_after(now=1000)
        keeper.look_after(now=1000.5)
        assert worker.child is first

        keeper.look_after(now=1000 + PAUSES[0])
        assert worker.child.poll() is None
        assert said == [f"worker ended (SIGKILL); it is started again in 1 s – see {worker.log}", "worker runs again"]
        worker.kill()

    def test_pauses_longer_each_time_and_begins_anew_once_the_service_has_settled(
        self, keeper: Keeper, said: list[str], tmp_path: Path
    ) -> None:
        broken = program(tmp_path, "broken", [sys.executable, "-c", "raise SystemExit(3)"])
        keeper.add(broken)
        now = 10_000.0
        keeper._started["broken"] = now
        for _ in range(len(PAUSES) + 1):
            assert broken.child
            broken.child.wait()
            keeper.look_after(now)
            now += PAUSES[-1]
            keeper.look_after(now)
        now += SETTLED_SECONDS + 1
        assert broken.child
        broken.child.wait()
        keeper.look_after(now)

        pauses = [int(line.split(" in ")[1].split(" s")[0]) for line in said if "exit 3" in line]
        assert pauses == [*PAUSES, PAUSES[-1], PAUSES[0]]

    def test_leaves_nothing_behind(self, keeper: Keeper, tmp_path: Path) -> None:
        told = tmp_path / "told"
        os.mkfifo(told)
        parent = program(tmp_path, "parent", [sys.executable, "-c", CHILD_OF_A_CHILD, str(told)])
        keeper.add(parent)
        assert parent.child
        both = [psutil.Process(parent.child.pid), psutil.Process(int(told.read_text()))]

        keeper.stop_all()

        _, alive = psutil.wait_procs(both, timeout=10)
        assert alive == []
