"""Which units were drawn, and who may see what was found: the seed and a doubted inspection are shown when nobody can use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assurance.evidence.models import EvidenceEntry
from assurance.roles import Role
from qc.inspections.drawing import commitment_of, pick_units
from qc.inspections.lifecycle import UNDECIDED, InspectionState
from qc.inspections.models import Inspection, InspectionSeed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assurance.accounts.models import User


def drawn_units(inspection: Inspection, user: User, *, hidden: str | None = None) -> list[int]:
    """Return the units of the sample in the order of the draw: to whoever inspects, and to everybody once the seed is revealed.

    ``hidden`` is the seed if the caller has it.
    """
    seed = inspection.seed
    if not seed and inspection.state == InspectionState.CLAIMED and inspection.inspector_id == user.pk:
        seed = (
            hidden
            if hidden is not None
            else InspectionSeed.objects.filter(inspection=inspection).values_list("seed", flat=True).first() or ""
        )
    return pick_units(seed, lot_size=inspection.lot_size, sample_size=inspection.sample_size) if seed else []


def is_blind(inspection: Inspection, user: User) -> bool:
    """Say whether an inspector must not see what was found: the repetition is not decided, and he may be the one to do it."""
    if inspection.state != InspectionState.DOUBTED or user.role != Role.QC_INSPECTOR:
        return False
    return Inspection.objects.filter(repeats=inspection, state__in=UNDECIDED).exists()


@dataclass(frozen=True)
class Redrawn:
    """An inspection's sample drawn again, and what is wrong, if anything."""

    code: str
    units: int
    lot_size: int
    flaw: str = ""


def redraw(numbers: Sequence[int] = ()) -> list[Redrawn]:
    """Draw the samples again whose seed is revealed, these or all, and compare with the evidence."""
    found = Inspection.objects.exclude(seed="").exclude(evidence_entry_id=None).order_by("id")
    if numbers:
        found = found.filter(pk__in=numbers)
    rows = list(found)
    entries = EvidenceEntry.objects.in_bulk([row.evidence_entry_id for row in rows if row.evidence_entry_id])
    return [_again(row, entries[row.evidence_entry_id or 0].says.get("draw", {})) for row in rows]


def _again(row: Inspection, said: dict[str, object]) -> Redrawn:
    units = pick_units(row.seed, lot_size=row.lot_size, sample_size=row.sample_size)
    flaw = ""
    if commitment_of(row.seed) != row.commitment or (said.get("commitment"), said.get("seed")) != (row.commitment, row.seed):
        flaw = "the seed is not the one that was committed to"
    elif said.get("units") != units:
        flaw = f"drawn are {units}, on record are {said.get('units')}"
    return Redrawn(row.code, len(units), row.lot_size, flaw)
