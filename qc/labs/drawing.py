"""Draw lots by a seed that nobody could choose: published algorithm, replayable with a sheet of paper and SHA-256.

Every lot has so many tickets as its weight. A ticket's number is ``SHA-256("<key>:<lot>:<ticket>")`` with
``key = SHA-256("<seed>:<hash of the candidates>")``; a lot's number is its smallest ticket. The lots with the smallest numbers are drawn:
so a lot with twice the tickets is first twice as often, and no arithmetic but comparing is needed. See docs/rules/drawing.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from qc.inspections.drawing import commitment_of

__all__ = ["ALGORITHM", "Candidate", "Place", "commitment_of", "draw", "hash_of"]

ALGORITHM: Final = "tickets-1"
"""Its name in the record; another way to draw is another name."""


@dataclass(frozen=True, order=True)
class Candidate:
    """A lot that may be drawn, with so many tickets."""

    lot_id: int
    weight: int


@dataclass(frozen=True)
class Place:
    """Where a candidate came in the draw: its smallest ticket, and whether that was small enough."""

    candidate: Candidate
    ticket: str
    is_drawn: bool


def hash_of(candidates: Iterable[Candidate]) -> str:
    """Return the hash that freezes the list: lines of ``lot weight`` in the order of lots."""
    lines = "".join(f"{one.lot_id} {one.weight}\n" for one in sorted(candidates))
    return sha256(lines.encode()).hexdigest()


def draw(seed: str, candidates: Sequence[Candidate], size: int) -> list[Place]:
    """Return all candidates in the order of the draw; the first ``size`` are drawn.

    :raises ValueError: for a lot twice, a lot without tickets, or nothing to draw
    """
    if size < 1 or len({one.lot_id for one in candidates}) != len(candidates) or any(one.weight < 1 for one in candidates):
        raise ValueError("every lot once, with at least one ticket, and at least one to draw")
    key = sha256(f"{seed}:{hash_of(candidates)}".encode()).hexdigest()
    tickets = sorted((_smallest(key, one), one.lot_id, one) for one in candidates)
    return [Place(candidate, ticket, place < size) for place, (ticket, _lot, candidate) in enumerate(tickets)]


def _smallest(key: str, candidate: Candidate) -> str:
    return min(sha256(f"{key}:{candidate.lot_id}:{ticket}".encode()).hexdigest() for ticket in range(candidate.weight))
