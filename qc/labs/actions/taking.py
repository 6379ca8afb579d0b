"""Take units from the shelf, seal them and their counter-sample, or give a sample up before it leaves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.refusals import Refused
from qc.labs.actions.locking import Step, advance, check_house, hold, place_of
from qc.labs.actions.scheduling import withdraw_demand
from qc.labs.lifecycle import SampleState
from qc.labs.models import Sample
from qc.labs.scheduling import keep_until
from warehouse.stock.actions import Moving, lock_lots, move_all
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class SealTaken(Refused):
    code = "seal_taken"
    status = 422
    message = _("Seal %(seal)s was used before. Every seal is used once.")


class SealMissing(Refused):
    code = "required"
    status = 422
    message = _("Both seals and the place of the counter-sample are needed.")


@dataclass(frozen=True)
class Taking:
    """A scheduled sample to be taken from the shelf; ``place`` is where the goods stood."""

    sample_id: int
    place: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Sealing:
    """The numbers of the two seals, and where the counter-sample is kept."""

    sample_id: int
    seal_number: str
    counter_seal_number: str
    counter_place: str
    at: datetime | None = None


@dataclass(frozen=True)
class Voiding:
    """A sample that is given up before it leaves, and why."""

    sample_id: int
    reason: str
    at: datetime | None = None


@transaction.atomic
def draw(items: Sequence[Taking], *, actor: User, at: datetime) -> list[Sample]:
    """Take the units of samples and counter-samples out of the released goods (P9.1).

    :raises WrongState, OtherHouse: if a sample is not to be taken here
    :raises warehouse.stock.actions.NotEnough: if fewer units stand there that nobody has bought
    """
    ids = [one.sample_id for one in items]
    lots = lock_lots(Sample.objects.filter(pk__in=ids).values_list("lot_id", flat=True))
    held = hold(ids, SampleState.SCHEDULED)
    check_house(held.values(), actor)
    moves = [
        Moving(
            lot=lots[held[one.sample_id].lot_id],
            source=Custody.RELEASED,
            target=Custody.SAMPLED,
            quantity=held[one.sample_id].units + held[one.sample_id].counter_units,
            because="sampled",
            reference=f"sample:{one.sample_id}",
            at=one.at,
        )
        for one in items
    ]
    move_all(moves, actor=actor, at=at)
    steps = [Step(held[one.sample_id], SampleState.DRAWN, one.at or at, one.place or place_of(actor), "qc.sample.drawn") for one in items]
    advance(steps, ["taken_by"], actor=actor, changed={one.sample_id: {"taken_by_id": actor.pk} for one in items})
    return [step.sample for step in steps]


@transaction.atomic
def seal(items: Sequence[Sealing], *, actor: User, at: datetime) -> list[Sample]:
    """Seal what was taken: one bag for the laboratory, one kept behind.

    :raises SealMissing, SealTaken: naming the sample
    """
    held = hold([one.sample_id for one in items], SampleState.DRAWN)
    check_house(held.values(), actor)
    _check_seals(items, actor.organisation_id)
    changed, steps = {}, []
    for one in items:
        sample, then = held[one.sample_id], one.at or at
        changed[sample.pk] = {
            "seal_number": one.seal_number.strip(),
            "counter_seal_number": one.counter_seal_number.strip(),
            "counter_place": one.counter_place.strip(),
            "counter_until": keep_until(sealed=then.astimezone(SHANGHAI).date(), expires=sample.lot.expiry_date),
        }
        place = place_of(actor)
        steps.append(Step(sample, SampleState.SEALED, then, place, "qc.sample.sealed", seal_number=one.seal_number.strip()))
    advance(steps, ["seal_number", "counter_seal_number", "counter_place", "counter_until"], actor=actor, changed=changed)
    return [step.sample for step in steps]


@transaction.atomic
def void(items: Sequence[Voiding], *, actor: User, at: datetime) -> list[Sample]:
    """Give samples up that have not left yet: the goods are sold out, the bag is torn. What was taken stays taken.

    :raises WrongState: once one is on its way
    """
    held = hold([one.sample_id for one in items], SampleState.SCHEDULED, SampleState.DRAWN, SampleState.SEALED)
    check_house(held.values(), actor)
    steps = [
        Step(
            held[one.sample_id],
            SampleState.VOIDED,
            one.at or at,
            place_of(actor),
            "qc.sample.voided",
            seal_number=held[one.sample_id].seal_number,
            note=one.reason[:200],
            reason=one.reason,
        )
        for one in items
    ]
    changed = {step.sample.pk: {"ended_at": step.at, "reason": step.note} for step in steps}
    advance(steps, ["ended_at", "reason"], actor=actor, changed=changed)
    withdraw_demand([step.sample for step in steps], at=at)
    return [step.sample for step in steps]


def _check_seals(items: Sequence[Sealing], warehouse_id: int) -> None:
    numbers = [number.strip() for one in items for number in (one.seal_number, one.counter_seal_number)]
    used = Q(seal_number__in=numbers) | Q(counter_seal_number__in=numbers)
    rows = Sample.objects.filter(used, warehouse_id=warehouse_id).values_list("seal_number", "counter_seal_number")
    taken = {number for pair in rows for number in pair} | {number for number, times in Counter(numbers).items() if times > 1}
    for place, one in enumerate(items):
        if not (one.seal_number.strip() and one.counter_seal_number.strip() and one.counter_place.strip()):
            raise SealMissing(field=f"items.{place}.seal_number")
        for name in ("seal_number", "counter_seal_number"):
            if getattr(one, name).strip() in taken:
                raise SealTaken(field=f"items.{place}.{name}", seal=getattr(one, name).strip())
