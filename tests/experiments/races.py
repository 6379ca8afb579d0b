"""G5: eight processes try the same step at the same moment; exactly one may win."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connections

from assurance.events.models import Event
from assurance.refusals import Refused

RACERS = 8
WON = "won"


@dataclass(frozen=True)
class Edge:
    """One step of one state machine: how to make a row that stands before it, and how to take it."""

    machine: str
    source: str
    target: str
    make: Callable[[], Any]
    act: Callable[[int], object]

    @property
    def name(self) -> str:
        return f"{self.machine}: {self.source} → {self.target}"


def racer(edges: list[Edge], pipe: Any, barrier: Any) -> None:
    """Live in a process of its own: wait for the others, take the step, say how it went."""
    connections.close_all()
    while (order := pipe.recv()) is not None:
        index, pk = order
        barrier.wait()
        try:
            edges[index].act(pk)
            pipe.send(WON)
        except Refused as refusal:
            pipe.send(f"refused:{refusal.code}")
        except Exception as error:  # noqa: BLE001  whatever it was, the experiment reports it
            pipe.send(f"error:{type(error).__name__}: {error}")


class Racers:
    """A team of forked processes, each with its own database connection."""

    def __init__(self, edges: list[Edge], *, count: int = RACERS) -> None:
        self.edges, self.count = edges, count
        self.fork = multiprocessing.get_context("fork")

    def __enter__(self) -> Racers:
        connections.close_all()
        barrier = self.fork.Barrier(self.count)
        self.pipes, self.team = [], []
        for _ in range(self.count):
            ours, theirs = self.fork.Pipe()
            process = self.fork.Process(target=racer, args=(self.edges, theirs, barrier), daemon=True)
            process.start()
            self.pipes.append(ours)
            self.team.append(process)
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.team:
            process.join(5)
            process.kill()

    def race(self, indexes: list[int], pk: int) -> Counter[str]:
        """Let the racers take the steps in turn (one edge: all the same; two: a contradiction) and count how it went."""
        for number, pipe in enumerate(self.pipes):
            pipe.send((indexes[number % len(indexes)], pk))
        return Counter(pipe.recv() for pipe in self.pipes)


def race_edges(edges: list[Edge], *, rounds: int) -> dict[str, dict[str, int]]:
    """Race every edge; return per edge how many rounds had exactly one winner, and everything else that was seen."""
    results: dict[str, dict[str, int]] = {}
    with Racers(edges) as racers:
        for index, edge in enumerate(edges):
            seen: Counter[str] = Counter()
            for _ in range(rounds):
                row = edge.make()
                outcome = racers.race([index], row.pk)
                seen["one winner" if outcome[WON] == 1 and steps_taken(edge, row) == 1 else f"{outcome}"] += 1
                seen["errors"] += sum(times for how, times in outcome.items() if how.startswith("error"))
            results[edge.name] = dict(seen)
    return results


def race_contradictions(edges: list[Edge], *, rounds: int) -> dict[str, dict[str, int]]:
    """For every state with two exits or more, let racers take different ones at once; exactly one may win."""
    exits: dict[tuple[str, str], list[int]] = {}
    for index, edge in enumerate(edges):
        exits.setdefault((edge.machine, edge.source), []).append(index)
    results: dict[str, dict[str, int]] = {}
    with Racers(edges) as racers:
        for (machine, source), indexes in exits.items():
            if len(indexes) < 2:
                continue
            seen: Counter[str] = Counter()
            for _ in range(rounds):
                outcome = racers.race(indexes, edges[indexes[0]].make().pk)
                seen["one winner" if outcome[WON] == 1 else f"{outcome}"] += 1
            results[f"{machine}: {source}"] = dict(seen)
    return results


def steps_taken(edge: Edge, row: Any) -> int:
    """Count how often the log says that this row took this step."""
    column = edge.machine.rsplit(".", 1)[1]
    events = Event.objects.about(row).values_list("changes", flat=True)
    return sum(changes.get(column) == [edge.source, edge.target] for changes in events)
