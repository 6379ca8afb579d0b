"""Whether somebody else used the processor while we measured."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")
TICKS: Final = os.sysconf("SC_CLK_TCK")
ALLOWED: Final = 12.0
"""Foreign processor time in a run, in percent of one core, above which it is repeated."""
KTHREADD: Final = 2


def processes() -> dict[int, tuple[int, int]]:
    """Return every process with its parent and the ticks that it and its ended children used."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except (OSError, IndexError):
                continue
            found[int(entry.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    return found


def snapshot() -> tuple[int, int, float]:
    """Return the busy ticks of the machine, those of this process's tree and of the kernel, and the clock."""
    known = processes()
    children: dict[int, list[int]] = {}
    for pid, (parent, _) in known.items():
        children.setdefault(parent, []).append(pid)
    ours, todo = 0, [os.getpid(), KTHREADD]
    while todo:
        pid = todo.pop()
        if pid in known:
            ours += known[pid][1]
        todo += children.get(pid, [])
    busy = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:4]))
    return sum(busy), ours, time.perf_counter()


class Noise:
    """Repeats a measurement that was disturbed and counts what stayed disturbed."""

    def __init__(self) -> None:
        self.dirty = 0
        self.repeated = 0
        self.worst = 0.0

    def gated(self, measure: Callable[[], T]) -> T:
        """Measure, up to three times while others are busy; keep the cleanest."""
        best: tuple[float, T] | None = None
        for attempt in range(3):
            before = snapshot()
            value = measure()
            after = snapshot()
            foreign = max(0.0, 100 * ((after[0] - before[0]) - (after[1] - before[1])) / TICKS / max(0.01, after[2] - before[2]))
            if best is None or foreign < best[0]:
                best = (foreign, value)
            if foreign <= ALLOWED:
                break
            self.repeated += attempt < 2
        assert best is not None
        self.dirty += best[0] > ALLOWED
        self.worst = max(self.worst, round(best[0], 1))
        return best[1]
