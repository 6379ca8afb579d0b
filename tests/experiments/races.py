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
PATIENCE_SECONDS = 120
"""A racer that says nothing for so long ends the experiment instead of keeping it."""
_my_number = 0
WON = "won"


@dataclass(frozen=True)
class Edge:
    """One step of one state machine: how to make a row that stands before it, and how to take it."""

    machine: str
    source: str
    target: str
    make: Callable[[], Any]
    act: Callable[[int], object]
    is_announced: bool = True

    @property
    def name(self) -> str:
        return f"{self.machine}: {self.source} → {self.target}"


def my_number() -> int:
    """Return which racer this process is, so that each can act as another person."""
    return _my_number


def racer(number: int, edges: list[Edge], pipe: Any, barrier: Any) -> None:
    """Live in a process of its own: wait for the others, take the step, say how it went."""
    global _my_number
    _my_number = number
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
        for number in range(self.count):
            ours, theirs = self.fork.Pipe()
            process = self.fork.Process(target=racer, args=(number, self.edges, theirs, barrier), daemon=True)
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
        return Counter(self._heard(pipe) for pipe in self.pipes)

    def _heard(self, pipe: Any) -> str:
        if not pipe.poll(PATIENCE_SECONDS):
            raise TimeoutError(f"a racer has said nothing for {PATIENCE_SECONDS} s")
        return str(pipe.recv())


def race_edges(edges: list[Edge], *, rounds: int, racers: int = RACERS) -> dict[str, dict[str, int]]:
    """Race every edge; return per edge how many rounds had exactly one winner, and everything else that was seen."""
    results: dict[str, dict[str, int]] = {}
    with Racers(edges, count=racers) as team:
        for index, edge in enumerate(edges):
            seen: Counter[str] = Counter()
            for _ in range(rounds):
                row = edge.make()
                outcome = team.race([index], row.pk)
                seen["one winner" if has_one_winner(edge, row, outcome) else f"{dict(outcome)}"] += 1
                seen["errors"] += sum(times for how, times in outcome.items() if how.startswith("error"))
            results[edge.name] = dict(seen)
    return results


def race_contradictions(edges: list[Edge], *, rounds: int, racers: int = RACERS) -> dict[str, dict[str, int]]:
    """For every state with two exits or more, let racers take different ones at once; the row must leave it exactly once.

    Two may well win in turn (approved, then withdrawn), but never two out of the same state.
    """
    exits: dict[tuple[str, str], list[int]] = {}
    for index, edge in enumerate(edges):
        exits.setdefault((edge.machine, edge.source), []).append(index)
    results: dict[str, dict[str, int]] = {}
    with Racers(edges, count=racers) as team:
        for (machine, source), indexes in exits.items():
            if len(indexes) < 2:
                continue
            seen: Counter[str] = Counter()
            for _ in range(rounds):
                row = edges[indexes[0]].make()
                outcome = team.race(indexes, row.pk)
                left = times_left(edges[indexes[0]], row)
                seen["left once" if left == 1 and outcome[WON] >= 1 else f"left {left} times: {dict(outcome)}"] += 1
            results[f"{machine}: {source}"] = dict(seen)
    return results


def has_one_winner(edge: Edge, row: Any, outcome: Counter[str]) -> bool:
    """Say whether exactly one racer took the step, by its own word and by the log.

    Where no racer can know whether it was he (``refused:undecidable``), the log alone decides; a step that is never announced
    (a job that is sent or done) goes by the racers' word.
    """
    by_log = steps_taken(edge, row) == 1 if edge.is_announced else True
    by_word = outcome[WON] == 1 or outcome["refused:undecidable"] == sum(outcome.values())
    return by_log and by_word


def times_left(edge: Edge, row: Any) -> int:
    """Count how often the log says that this row left the edge's source."""
    column = edge.machine.rsplit(".", 1)[1]
    events = Event.objects.about(row).values_list("changes", flat=True)
    return sum(changes.get(column, [None])[0] == edge.source for changes in events)


def steps_taken(edge: Edge, row: Any) -> int:
    """Count how often the log says that this row took this step."""
    column = edge.machine.rsplit(".", 1)[1]
    events = Event.objects.about(row).values_list("changes", flat=True)
    return sum(changes.get(column) == [edge.source, edge.target] for changes in events)
