"""See whether sample and checklist together can tell, and let the verdict follow if they can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.checks.queries import kept_checklists
from qc.inspections.actions.concluding import Conclusion, conclude_all
from qc.inspections.actions.doubting import doubt_all
from qc.inspections.models import InspectedUnit, PointsAnswered
from qc.inspections.sampling import DefectClass
from qc.inspections.verdict import NOTHING_ASKED, UNDECIDED, Decision, Points, count, decide, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.inspections.models import Inspection
    from qc.inspections.queries import Catalogue


@dataclass(frozen=True)
class Recorded:
    """The inspection after recording, and what sample and checklist say by now; ``known`` is what can be shown without reading again."""

    inspection: Inspection
    decision: Decision
    known: Known | None = None


@dataclass(frozen=True)
class Known:
    """What the action has in hand of an inspection that is not decided yet: the newest answers, the units, the seed."""

    answered: PointsAnswered
    units: list[InspectedUnit]
    seed: str


@dataclass(frozen=True)
class Seen:
    """All that was found of one inspection by now: units by number with their defects, and the checklist."""

    inspection: Inspection
    units: dict[int, list[str]]
    points: Points
    at: datetime
    known: Known | None = None


def judge_all(seen: Sequence[Seen], catalogue: Catalogue, *, actor: User) -> list[Recorded]:
    """Say where each inspection stands; verdicts are given where sample and checklist can tell."""
    answers, verdicts = [], []
    for one in seen:
        kinds = catalogue.of(one.inspection) if any(one.units.values()) else {}
        classes = {number: [DefectClass(kinds[code].defect_class) for code in defects] for number, defects in one.units.items()}
        tally = count(classes, one.inspection.plans)
        decision = weigh(decide(one.inspection.plans, tally), one.points)
        answers.append(Recorded(one.inspection, decision, one.known if decision.verdict == UNDECIDED else None))
        if decision.verdict != UNDECIDED:
            failing = sum(bool(defects) for defects in one.units.values())
            verdicts.append(Conclusion(one.inspection, decision, tally, failing, one.at))
    conclude_all(doubt_all(verdicts, actor=actor), actor=actor)
    return answers


def units_so_far(inspections: Sequence[Inspection]) -> dict[int, dict[int, list[str]]]:
    """Return the units that are recorded: by inspection and number, with their defects."""
    found: dict[int, dict[int, list[str]]] = {inspection.pk: {} for inspection in inspections}
    units = InspectedUnit.objects.filter(inspection__in=inspections).standing()
    for inspection_id, number, defects in units.values_list("inspection_id", "number", "defects"):
        found[inspection_id][number] = defects
    return found


def points_so_far(inspections: Sequence[Inspection]) -> dict[int, Points]:
    """Return what each checklist says by now; the last answers count. Two queries at most."""
    checklists = kept_checklists({one.checklist_id for one in inspections if one.checklist_id})
    for one in inspections:
        one.checklist = checklists.get(one.checklist_id or 0)
    answered = PointsAnswered.objects.filter(inspection__in=inspections).order_by("inspection_id", "-attempt").distinct("inspection_id")
    failing = {row.inspection_id: tuple(DefectClass(told["class"]) for told in row.failing) for row in answered}
    return {one.pk: Points(len(one.points), failing.get(one.pk)) if one.points else NOTHING_ASKED for one in inspections}
