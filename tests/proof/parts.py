"""Parts of an experiment side by side: each in a process and on a database of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from tests.harness.databases import create_clone, drop_clone, give_witness, route_to

Part = Callable[[], dict[str, Any]]


def side_by_side(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return what each part found, in their order.

    :raises EOFError: if the process of a part died
    """
    names = [create_clone() for _ in parts]
    connections.close_all()  # a forked copy of a connection would speak on the same line
    fork = multiprocessing.get_context("fork")
    pipes, processes = [], []
    try:
        for name, part in zip(names, parts, strict=True):
            ours, theirs = fork.Pipe()
            process = fork.Process(target=_alone, args=(name, part, theirs))
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        return [pipe.recv() for pipe in pipes]
    finally:
        for process in processes:
            process.join(5)
            process.kill()
        for name in names:
            drop_clone(name)


def _alone(name: str, part: Part, pipe: Any) -> None:
    route_to(name)
    give_witness(name)
    pipe.send(part())
