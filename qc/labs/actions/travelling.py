"""Send samples to the laboratory that is best for them, and look at what arrives there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import CalendarEnds, china, weekdays_after
from assurance.refusals import Refused
from assurance.sentences import keep
from qc.labs import arrival, choosing
from qc.labs.actions.locking import Step, advance, check_house, hold, place_of
from qc.labs.actions.scheduling import Wanted, schedule
from qc.labs.lifecycle import SampleState
from qc.labs.models import LabScope, Sample, SampleTest
from qc.labs.queries.labs import Market

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.labs.choosing import Opinion

keep(*arrival.SENTENCES)


class NoLab(Refused):
    code = "no_lab"
    message = _("No laboratory can test sample %(sample)s now: accreditation, independence and room were looked at.")


class LabUnable(Refused):
    """The laboratory that was asked for cannot test this; the subclass says why."""

    code = "lab_unable"
    message = _("%(lab)s cannot test this. %(because)s")


class NotCovered(LabUnable):
    code = "not_covered"


class ScopeExpired(LabUnable):
    code = "scope_expired"


class NotIndependent(LabUnable):
    code = "not_independent"


class LabFull(LabUnable):
    code = "lab_full"


class SameLab(LabUnable):
    code = "same_lab"


REFUSALS: dict[str, type[LabUnable]] = {
    "not_covered": NotCovered,
    "expired": ScopeExpired,
    "tied": NotIndependent,
    "full": LabFull,
    "same_lab": SameLab,
}


@dataclass(frozen=True)
class Dispatching:
    """A sealed sample to be sent; without ``lab_id`` to the best laboratory."""

    sample_id: int
    lab_id: int | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Arriving:
    """A sample as it stands at the laboratory's door: the seal's number as it is read there, and what is seen."""

    sample_id: int
    seal_number: str
    condition: str = "intact"
    note: str = ""
    at: datetime | None = None


@transaction.atomic
def dispatch(items: Sequence[Dispatching], *, actor: User, at: datetime) -> list[Sample]:
    """Give sealed samples to laboratories: accredited on that day, independent, with room; the choice is kept with its reasons.

    The same number of queries, whatever the number of samples.

    :raises NoLab: if none can
    :raises NotCovered, ScopeExpired, NotIndependent, LabFull, SameLab: if the one that was asked for cannot (P9.7)
    """
    held = hold([one.sample_id for one in items], SampleState.SEALED)
    check_house(held.values(), actor)
    list(LabScope.objects.select_for_update().order_by("id").values_list("pk", flat=True))  # nobody else gives out the last place now
    market = Market.of(list(held.values()), moments=[one.at or at for one in items])
    changed, steps, scopes = {}, [], {}
    for place, one in enumerate(items):
        sample, then = held[one.sample_id], one.at or at
        opinions = market.opinions(sample, at=then)
        chosen = _chosen(opinions, one.lab_id, sample, place=place)
        market.book(sample, chosen.lab_id, at=then)
        scopes[sample.pk] = dict(chosen.scopes)
        changed[sample.pk] = {
            "lab_id": chosen.lab_id,
            "choice": kept(opinions, chosen, by_hand=one.lab_id is not None),
            "dispatched_at": then,
            "arrive_by": then + arrival.ON_THE_WAY,
            "due_at": due(then, chosen.days),
        }
        place_sent = place_of(actor)
        steps.append(Step(sample, SampleState.DISPATCHED, then, place_sent, "qc.sample.dispatched", seal_number=sample.seal_number))
    advance(steps, ["lab", "choice", "dispatched_at", "arrive_by", "due_at"], actor=actor, changed=changed)
    _write_scopes(scopes)
    return [step.sample for step in steps]


@transaction.atomic
def receive(items: Sequence[Arriving], *, actor: User, at: datetime) -> list[Sample]:
    """Take samples in at the laboratory. One whose seal is broken or another's, or that comes too late, is no sample any more: it is
    voided, and a new one of the lot is to be taken (P9.2). A counter-sample cannot be taken again.

    :raises WrongState, OtherHouse: if it is not on its way to the actor's laboratory
    """
    held = hold([one.sample_id for one in items], SampleState.DISPATCHED)
    check_house(held.values(), actor)
    changed: dict[int, dict[str, Any]] = {}
    steps, lost = [], []
    for one in items:
        sample, then = held[one.sample_id], one.at or at
        seen = arrival.look_at(
            condition=one.condition,
            expected_seal=sample.seal_number,
            found_seal=one.seal_number,
            arrive_by=sample.arrive_by or then,
            at=then,
        )
        if not seen.is_sound:
            changed[sample.pk] = {"ended_at": then, "reason": seen.because[:200]}
            lost.append(sample)
        steps.append(
            Step(
                sample,
                SampleState.RECEIVED if seen.is_sound else SampleState.VOIDED,
                then,
                place_of(actor),
                "qc.sample.received" if seen.is_sound else "qc.sample.voided",
                seal_number=one.seal_number.strip(),
                condition=seen.condition,
                note=one.note,
                reason=seen.because,
            )
        )
    advance(steps, ["ended_at", "reason"], actor=actor, changed=changed)
    again = [Wanted(one.lot, "redraw", one.round, one, one.reason) for one in lost if not one.retest_of_id]
    schedule(again, actor=None, at=at)
    return [step.sample for step in steps]


def due(at: datetime, working_days: int) -> datetime:
    """Return by when a result is owed: so many working days later."""
    try:
        return china().moment_after(at, working_days)
    except CalendarEnds:
        return weekdays_after(at, working_days)


def kept(opinions: Sequence[Opinion], chosen: Opinion, *, by_hand: bool) -> dict[str, Any]:
    """Return the choice as it is kept with the sample: every laboratory that was looked at, with its reason."""
    looked_at = [
        {"lab": one.lab_id, "name": one.name, "code": one.code, "points": one.points, "message": one.message, "params": dict(one.facts)}
        for one in opinions
    ]
    return {"lab": chosen.lab_id, "by_hand": by_hand, "opinions": looked_at}


def _chosen(opinions: Sequence[Opinion], lab_id: int | None, sample: Sample, *, place: int) -> Opinion:
    if lab_id is None:
        best = opinions[0] if opinions else None
        if best is None or not best.is_able:
            raise NoLab(field=f"items.{place}", sample=sample.code)
        return best
    asked = next((one for one in opinions if one.lab_id == lab_id), None)
    if asked is None:
        raise NotCovered(field=f"items.{place}.lab", lab="", because=choosing.NOT_COVERED % {"tests": "–"})
    if not asked.is_able:
        raise REFUSALS[asked.code](field=f"items.{place}.lab", lab=asked.name, because=asked.because)
    return asked


def _write_scopes(scopes: dict[int, dict[str, int]]) -> None:
    """Write under which accreditation, and for what price, every test is done. The database checks each (P9.7)."""
    prices = dict(LabScope.objects.filter(pk__in={pk for one in scopes.values() for pk in one.values()}).values_list("pk", "price"))
    rows = list(SampleTest.objects.filter(sample_id__in=scopes).select_related("test").order_by("id"))
    for row in rows:
        row.scope_id = scopes[row.sample_id][row.test.code]
        row.price = prices[row.scope_id]
    SampleTest.objects.bulk_update(rows, ["scope", "price"])
