"""Let somebody else repeat an inspection that looks too good: the verdict waits, the second inspector does not see what was found."""

from __future__ import annotations

import secrets
from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change, first
from assurance.sentences import keep
from qc.inspections.actions.opening import insert
from qc.inspections.drawing import commitment_of
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import BenchPhoto, InspectedUnit, Inspection, InspectionSeed, PointsAnswered
from qc.inspections.plans import due
from qc.inspections.suspicion import ALL_PASS, HURRIED, REUSED, RUSHED, Print, all_pass, hurried, reused, rushed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.inspections.actions.concluding import Conclusion
    from qc.inspections.suspicion import Doubt

keep(HURRIED, RUSHED, ALL_PASS, REUSED)
FLOOR: Final = "floor"
LATELY: Final = 200
"""Verdicts looked back, of somebody and of everybody else."""
PHOTOS: Final = 2_000
"""Photographs of the warehouse that a new one is compared with."""


def doubt_all(conclusions: Sequence[Conclusion], *, actor: User) -> list[Conclusion]:
    """Put accepting verdicts that look too good aside and open their blind repetition; return the verdicts that stand.

    What was made up (not from the floor) and what is a repetition itself is not doubted.
    """
    asked = [one for one in conclusions if one.is_accepted and one.inspection.source == FLOOR and not one.inspection.repeats_id]
    if not asked:
        return list(conclusions)
    doubts = _doubts(asked, actor)
    doubted = [one for one in asked if doubts[one.inspection.pk]]
    if doubted:
        _put_aside(doubted, doubts, actor=actor)
    aside = {one.inspection.pk for one in doubted}
    return [one for one in conclusions if one.inspection.pk not in aside]


def _doubts(asked: Sequence[Conclusion], actor: User) -> dict[int, list[Doubt]]:
    answered = dict(
        PointsAnswered.objects.filter(inspection__in=[one.inspection for one in asked])
        .order_by("inspection_id", "-attempt")
        .distinct("inspection_id")
        .values_list("inspection_id", "answered_at")
    )
    moments = _moments([one.inspection for one in asked])
    shown, before = _prints([one.inspection for one in asked])
    run, others, clean = _record_of(actor)
    found: dict[int, list[Doubt]] = {}
    for one in asked:
        inspection = one.inspection
        needed = sum(point.seconds for point in inspection.points)
        at = answered.get(inspection.pk)
        took = (at - inspection.claimed_at).total_seconds() if at and inspection.claimed_at else 0
        run = 0 if one.failing else run + 1
        doubts = (
            hurried(took=took, needed=needed) if needed else None,
            rushed(moments[inspection.pk]),
            all_pass(run=run, others=others, others_clean=clean),
            reused(shown[inspection.pk], [other for other in before if other.inspection != inspection.code]),
        )
        found[inspection.pk] = [doubt for doubt in doubts if doubt]
        if found[inspection.pk]:
            run = 0
    return found


def _record_of(actor: User) -> tuple[int, int, int]:
    """Return how many lots in a row the actor found faultless since he was doubted last, and what others found."""
    decided = Inspection.objects.filter(decided_at__isnull=False, source=FLOOR)
    own = list(
        Inspection.objects.filter(inspector=actor, source=FLOOR)
        .exclude(state__in=[InspectionState.OPEN, InspectionState.CLAIMED])
        .order_by("-id")
        .values_list("state", "nonconforming")[:LATELY]
    )
    run = sum(1 for _ in takewhile(lambda one: one == (InspectionState.ACCEPTED, 0), own))
    seen = decided.filter(warehouse=actor.organisation_id).exclude(inspector=actor).order_by("-id")
    others = list(seen.values_list("state", "nonconforming")[:LATELY])
    return run, len(others), others.count((InspectionState.ACCEPTED, 0))


def _moments(inspections: Sequence[Inspection]) -> dict[int, list[datetime]]:
    """Return when the units of each were recorded."""
    found: dict[int, list[datetime]] = defaultdict(list)
    units = InspectedUnit.objects.filter(inspection__in=inspections, withdrawn_at=None)
    for number, at in units.values_list("inspection_id", "recorded_at"):
        found[number].append(at)
    return found


def _prints(inspections: Sequence[Inspection]) -> tuple[dict[int, list[Print]], list[Print]]:
    """Return the photographs of these inspections, and those that the warehouse took before."""
    shown: dict[int, list[Print]] = defaultdict(list)
    columns = ("inspection_id", "file__sha256", "fingerprint")
    for number, digest, fingerprint in BenchPhoto.objects.filter(inspection__in=inspections).values_list(*columns):
        shown[number].append(Print(digest, fingerprint, Inspection(pk=number).code))
    if not shown:
        return shown, []
    taken = BenchPhoto.objects.filter(warehouse_id=inspections[0].warehouse_id).order_by("-id")
    before = [
        Print(digest, fingerprint, Inspection(pk=number).code) for number, digest, fingerprint in taken.values_list(*columns)[:PHOTOS]
    ]
    return shown, before


def _put_aside(doubted: Sequence[Conclusion], doubts: dict[int, list[Doubt]], *, actor: User) -> None:
    seeds = dict(InspectionSeed.objects.filter(inspection__in=[one.inspection for one in doubted]).values_list("inspection", "seed"))
    news = []
    for one in doubted:
        told = [doubt.as_dict() for doubt in doubts[one.inspection.pk]]
        changes = change(one.inspection, state=InspectionState.DOUBTED, doubts=told, seed=seeds.get(one.inspection.pk, ""))
        news.append(News("qc.inspection.doubted", one.inspection, changes, one.at, actor, {"inspection_id": one.inspection.pk}))
    update_each([one.inspection for one in doubted], ["state", "doubts", "seed"])
    fresh = [secrets.token_hex(32) for _ in doubted]
    again = [_again(one, seed) for one, seed in zip(doubted, fresh, strict=True)]
    insert(again, fresh)
    for row in again:
        ids = {"inspection_id": row.pk, "lot_id": row.lot_id, "product_id": row.product_id}
        changes = first(row, "lot_id", "tranche", "lot_size", "commitment", "repeats_id")
        news.append(News("qc.inspection.opened", row, changes, row.opened_at, actor, ids))
    announce_each(news)


def _again(one: Conclusion, seed: str) -> Inspection:
    was = one.inspection
    same = ("merchant_id", "warehouse_id", "product_id", "stage", "tranche", "lot_size", "plan", "catalogue", "checklist_id", "source")
    return Inspection(
        **{name: getattr(was, name) for name in same},
        lot=was.lot,
        is_original=was.is_original,
        is_skipped=was.is_skipped,
        repeats=was,
        commitment=commitment_of(seed),
        opened_at=one.at,
        due_at=due(one.at),
    )
