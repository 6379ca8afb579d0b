"""Draw again what was drawn, from the record alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assurance.evidence.models import EvidenceEntry
from qc.labs.drawing import Candidate, commitment_of, draw, hash_of
from qc.labs.models import DrawCandidate, DrawRound, Sample

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Replayed:
    """A round drawn again: which lots, and what is wrong, if anything."""

    code: str
    candidates: int
    drawn: frozenset[int]
    flaw: str = ""


def replay(numbers: Sequence[int] = ()) -> list[Replayed]:
    """Draw the rounds again that were drawn, these or all. Four queries, whatever their number."""
    rounds = DrawRound.objects.filter(drawn_at__isnull=False).order_by("id")
    if numbers:
        rounds = rounds.filter(pk__in=numbers)
    listed = defaultdict(list)
    for round_id, lot_id, weight in DrawCandidate.objects.filter(round__in=rounds).values_list("round_id", "lot_id", "weight"):
        listed[round_id].append(Candidate(lot_id, weight))
    sampled = defaultdict(set)
    for round_id, lot_id in Sample.objects.filter(round__in=rounds, origin="random").values_list("round_id", "lot_id"):
        sampled[round_id].add(lot_id)
    entries = {entry.pk: entry.says for entry in EvidenceEntry.objects.filter(kind="lab_draw_committed")}
    return [_again(found, listed[found.pk], sampled[found.pk], entries.get(found.commitment_entry_id, {})) for found in rounds]


def _again(found: DrawRound, listed: list[Candidate], sampled: set[int], said: dict[str, object]) -> Replayed:
    drawn = frozenset(place.candidate.lot_id for place in draw(found.seed, listed, found.size) if place.is_drawn)
    flaw = ""
    if commitment_of(found.seed) != found.commitment or said.get("commitment") != found.commitment:
        flaw = "the seed is not the one that was committed to"
    elif hash_of(listed) != found.candidates_hash or said.get("candidates_hash") != found.candidates_hash:
        flaw = "the list of lots is not the one that was frozen"
    elif drawn != sampled:
        flaw = f"drawn are {sorted(drawn)}, sampled were {sorted(sampled)}"
    return Replayed(found.code, len(listed), drawn, flaw)
