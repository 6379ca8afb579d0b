"""Decide what a sample says about its lot: accept, reject, or not yet.

A decision gives its reason twice: ``because`` is an English sentence for logs and the audit
trail; ``message`` and ``params`` are the same for screens, ``gettext(d.message) % d.params``.
See docs/rules/sampling.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from qc.inspections.sampling import ClassPlans, DefectClass, Plan

ACCEPT, REJECT, UNDECIDED = "accept", "reject", "undecided"


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


REJECTED = {
    DefectClass.CRITICAL: gettext_noop("Units with critical defects: %(found)s. The lot is rejected at %(reject)s."),
    DefectClass.MAJOR: gettext_noop("Units with major defects: %(found)s. The lot is rejected at %(reject)s."),
    DefectClass.MINOR: gettext_noop("Units with minor defects: %(found)s. The lot is rejected at %(reject)s."),
}
ACCEPTED = gettext_noop("All %(sample_size)s units were inspected, every class is within its limit.")
POINTS_FAIL = gettext_noop("Not in order: %(failing)s of %(points)s points of the checklist. They concern every unit of the lot.")
POINTS_MISSING = gettext_noop("The sample is inspected; the %(points)s points of the checklist are not answered yet.")
TO_BE_INSPECTED = gettext_noop("Inspected so far: %(inspected)s of %(sample_size)s units.")


@dataclass(frozen=True)
class Tally:
    """How many units of the sample were inspected, and how many failed in each class.

    ``nonconforming`` names all three classes: a class left out is a slip, not a zero.
    """

    inspected: int
    nonconforming: Mapping[DefectClass, int]


@dataclass(frozen=True)
class ClassOutcome:
    """Where one class stands against its own plan.

    After a rejection before the end the other classes stay "undecided": only a decided class may
    be told to switching.
    """

    defect_class: DefectClass
    verdict: str
    sample_size: int
    nonconforming: int
    accept: int
    reject: int


@dataclass(frozen=True)
class Decision:
    """The verdict on a lot with its reason. ``classes`` lists the worst class first."""

    verdict: str
    message: str
    facts: tuple[tuple[str, int], ...]
    classes: tuple[ClassOutcome, ...]

    @property
    def params(self) -> dict[str, int]:
        return dict(self.facts)

    @property
    def because(self) -> str:
        return self.message % self.params

    def of(self, defect_class: DefectClass) -> ClassOutcome:
        return next(outcome for outcome in self.classes if outcome.defect_class == defect_class)


def count(units: Mapping[int, Collection[DefectClass]], plans: ClassPlans) -> Tally:
    """Tally the inspected units: place in the draw (from 1) -> the classes found on that unit.

    A class with a smaller sample is judged on the units drawn first, in whatever order they were
    inspected. A unit counts once: under the worst class it was inspected for.

    :raises ValueError: for an unknown class or a place outside the sample
    """
    found = dict.fromkeys(DefectClass, 0)
    for place, classes in units.items():
        if not 1 <= place <= plans.sample_size:
            raise ValueError(f"unit {place} of a sample of {plans.sample_size}")
        on_unit = {DefectClass(name) for name in classes}
        for defect_class, plan in plans.items():
            if defect_class in on_unit and place <= plan.sample_size:
                found[defect_class] += 1
                break
    return Tally(inspected=len(units), nonconforming=found)


def decide(plans: ClassPlans, tally: Tally) -> Decision:
    """Reject as soon as any class reaches Re; accept only a whole sample with every class in Ac.

    :raises ValueError: for a tally that cannot be: a class missing or unknown, a count that is
        negative or not whole, more failing than inspected, more inspected than sampled
    """
    _check(plans, tally)
    is_whole = tally.inspected == plans.sample_size
    outcomes = tuple(
        _judge(defect_class, plan, tally.nonconforming[defect_class], is_whole=is_whole) for defect_class, plan in plans.items()
    )
    rejecting = next((outcome for outcome in outcomes if outcome.verdict == REJECT), None)
    if rejecting:
        facts = (("found", rejecting.nonconforming), ("reject", rejecting.reject))
        return Decision(REJECT, REJECTED[rejecting.defect_class], facts, outcomes)
    facts = (("inspected", tally.inspected), ("sample_size", plans.sample_size))
    if all(outcome.verdict == ACCEPT for outcome in outcomes):
        return Decision(ACCEPT, ACCEPTED, facts, outcomes)
    return Decision(UNDECIDED, TO_BE_INSPECTED, facts, outcomes)


@dataclass(frozen=True)
class Points:
    """What the checklist says of the lot: so many points are asked; ``failing`` are the classes of those not in order, None while open."""

    asked: int
    failing: tuple[DefectClass, ...] | None


def weigh(decision: Decision, points: Points) -> Decision:
    """Return the verdict of sample and checklist together.

    A point is asked of the lot as a whole: one that is not in order concerns every unit, so its class is not accepted, whatever the
    sample says. Nothing is accepted before every point is answered.
    """
    if decision.verdict == REJECT or (points.failing is not None and not points.failing):
        return decision
    if points.failing is None:
        if decision.verdict == UNDECIDED:
            return decision
        classes = tuple(replace(one, verdict=UNDECIDED) for one in decision.classes)
        return Decision(UNDECIDED, POINTS_MISSING, (("points", points.asked),), classes)
    facts = (("failing", len(points.failing)), ("points", points.asked))
    classes = tuple(replace(one, verdict=REJECT) if one.defect_class in points.failing else one for one in decision.classes)
    return Decision(REJECT, POINTS_FAIL, facts, classes)


NOTHING_ASKED = Points(asked=0, failing=())
"""Of goods that have no point on their list."""


def _judge(defect_class: DefectClass, plan: Plan, found: int, *, is_whole: bool) -> ClassOutcome:
    verdict = UNDECIDED
    if found >= plan.reject:
        verdict = REJECT
    elif is_whole and found <= plan.accept:
        verdict = ACCEPT
    return ClassOutcome(defect_class, verdict, plan.sample_size, found, plan.accept, plan.reject)


def _check(plans: ClassPlans, tally: Tally) -> None:
    if set(tally.nonconforming) != set(DefectClass):
        raise ValueError(f"a tally names every class once, not {list(tally.nonconforming)}")
    for number in (tally.inspected, *tally.nonconforming.values()):
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise ValueError(f"a count is a whole number from 0, not {number!r}")
    if tally.inspected > plans.sample_size:
        raise ValueError(f"{tally.inspected} inspected of a sample of {plans.sample_size}")
    for defect_class, found in tally.nonconforming.items():
        if found > tally.inspected:
            raise ValueError(f"{found} units {defect_class} of {tally.inspected} inspected")
