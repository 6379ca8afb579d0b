"""Hold samples, check who asks and in which state they are, and move them one step with their hand-overs and events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.events.changes import change
from assurance.refusals import Refused, WrongState
from assurance.roles import Kind
from qc.labs.models import Sample, SampleHandover

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.labs.lifecycle import SampleState


class OtherHouse(Refused):
    code = "other_house"
    status = 403
    message = _("This sample is in another warehouse or laboratory.")


class SampleTwice(Refused):
    code = "sample_twice"
    status = 422
    message = _("The same sample is named twice.")


@dataclass(frozen=True)
class Step:
    """One sample that moved on: how it is said, who had it where and in what condition."""

    sample: Sample
    target: SampleState
    at: datetime
    place: str
    event: str
    seal_number: str = ""
    condition: str = "intact"
    note: str = ""
    reason: str = ""


def hold(sample_ids: Sequence[int], *states: SampleState) -> dict[int, Sample]:
    """Return the samples, held until the transaction ends; two queries at most, in the order of ids.

    :raises SampleTwice: if one is named twice
    :raises WrongState: with the place of the first one that is in none of these states
    """
    if len(set(sample_ids)) != len(sample_ids):
        raise SampleTwice(field="items")
    rows = Sample.objects.select_related("lot", "product", "round", "retest_of").filter(pk__in=sample_ids)
    held = rows.select_for_update(of=("self",)).order_by("pk")
    found = {sample.pk: sample for sample in held}
    for place, pk in enumerate(sample_ids):
        if found[pk].state not in states:
            raise WrongState(field=f"items.{place}", state=found[pk].get_state_display())
    return found


def check_house(samples: Iterable[Sample], actor: User) -> None:
    """:raises OtherHouse: if the actor works neither where the sample is kept nor where it is tested"""
    for sample in samples:
        owner = sample.lab_id if actor.organisation_kind == Kind.LAB else sample.warehouse_id
        if owner != actor.organisation_id:
            raise OtherHouse


def place_of(actor: User) -> str:
    """Return where a person stands who does not say otherwise."""
    return actor.organisation.name[:80]


def advance(
    steps: Sequence[Step], fields: Sequence[str], *, actor: User | None, changed: Mapping[int, Mapping[str, object]] | None = None
) -> None:
    """Write the new states with the columns that the caller has set, the hand-overs and the events. Three statements and the jobs."""
    changes = {step.sample.pk: change(step.sample, state=step.target, **(changed or {}).get(step.sample.pk, {})) for step in steps}
    Sample.objects.bulk_update([step.sample for step in steps], ["state", *fields])
    SampleHandover.objects.bulk_create(
        SampleHandover(
            sample=step.sample,
            merchant_id=step.sample.merchant_id,
            step=step.target,
            by=actor,
            at=step.at,
            place=step.place,
            seal_number=step.seal_number,
            condition=step.condition,
            note=step.note,
        )
        for step in steps
    )
    announce_each(
        [News(step.event, step.sample, changes[step.sample.pk], step.at, actor, ids_of(step.sample), step.reason) for step in steps]
    )


def ids_of(sample: Sample) -> dict[str, int]:
    """Return what subscribers to an event about a sample get."""
    return {"sample_id": sample.pk, "lot_id": sample.lot_id, "product_id": sample.product_id}
