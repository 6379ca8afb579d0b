"""Another person looks at the results: confirms them, or sends back what cannot be right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import News, announce_each
from assurance.refusals import OwnWork, Refused
from qc.labs.actions.locking import Step, advance, check_house, hold, ids_of, place_of
from qc.labs.lifecycle import SampleState
from qc.labs.models import LabResult, Sample, Verification

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class ResultsChanged(Refused):
    code = "results_changed"
    message = _("The results of sample %(sample)s are not the ones you looked at any more. Look again.")


class AlreadyConfirmed(Refused):
    code = "already_confirmed"
    message = _("You have confirmed sample %(sample)s already; another person must do it too.")


class WhyBack(Refused):
    code = "required"
    status = 422
    message = _("Say what cannot be right.")


@dataclass(frozen=True)
class Confirming:
    """A sample with the numbers of the results that the verifier saw; those in ``returned`` are sent back, for a reason."""

    sample_id: int
    results: tuple[int, ...]
    returned: tuple[int, ...] = ()
    reason: str = ""
    at: datetime | None = None


@transaction.atomic
def verify(items: Sequence[Confirming], *, actor: User, at: datetime) -> list[Sample]:
    """Confirm the results of samples, or send some back. A sample is verified when every result has as many confirmations as its test
    asks for, each by another person (P9.4). Eight queries or so, whatever the number.

    :raises WrongState: if somebody was faster (P9.10)
    :raises ResultsChanged: if the results are not those the verifier saw
    :raises OwnWork: if the actor entered one of them
    :raises AlreadyConfirmed: if the actor has confirmed this sample
    :raises WhyBack: if something is sent back without a reason
    """
    held = hold([one.sample_id for one in items], SampleState.RESULTED)
    check_house(held.values(), actor)
    rows = LabResult.objects.standing().filter(sample__in=held).select_related("sample_test__test").prefetch_related("verifications")
    standing = defaultdict(list)
    for row in rows.order_by("id"):
        standing[row.sample_id].append(row)
    made = [
        verification
        for place, one in enumerate(items)
        for verification in _of_sample(one, held[one.sample_id], standing[one.sample_id], place=place, actor=actor, at=one.at or at)
    ]
    Verification.objects.bulk_create(made)
    _go_on(items, held, standing, actor=actor, at=at)
    return [held[one.sample_id] for one in items]


def _of_sample(
    one: Confirming, sample: Sample, standing: Sequence[LabResult], *, place: int, actor: User, at: datetime
) -> list[Verification]:
    if {row.pk for row in standing} != set(one.results) or not set(one.returned) <= set(one.results):
        raise ResultsChanged(field=f"items.{place}.results", sample=sample.code)
    if any(row.entered_by_id == actor.pk for row in standing):
        raise OwnWork
    if one.returned and not one.reason.strip():
        raise WhyBack(field=f"items.{place}.reason")
    fresh = [row for row in standing if actor.pk not in {seen.verified_by_id for seen in row.verifications.all()}]
    if one.returned:
        fresh = [row for row in standing if row.pk in one.returned]
    if not fresh or any(actor.pk in {seen.verified_by_id for seen in row.verifications.all()} for row in fresh):
        raise AlreadyConfirmed(field=f"items.{place}", sample=sample.code)
    return [
        Verification(
            result=row,
            sample=sample,
            lab_id=sample.lab_id or 0,
            entered_by_id=row.entered_by_id,
            verified_by=actor,
            decision="returned" if one.returned else "confirmed",
            reason=one.reason.strip()[:200] if one.returned else "",
            at=at,
        )
        for row in fresh
    ]


def _go_on(
    items: Sequence[Confirming], held: dict[int, Sample], standing: dict[int, list[LabResult]], *, actor: User, at: datetime
) -> None:
    """Move on what is verified, back what was sent back; what still waits for a second person is only told of."""
    steps, waiting = [], []
    for one in items:
        sample, then = held[one.sample_id], one.at or at
        if one.returned:
            steps.append(
                Step(
                    sample, SampleState.TESTING, then, place_of(actor), "qc.sample.returned",
                    seal_number=sample.seal_number, reason=one.reason,
                )
            )  # fmt: skip
        elif all(_confirmations(row, actor) >= row.sample_test.test.verifications for row in standing[sample.pk]):
            steps.append(Step(sample, SampleState.VERIFIED, then, place_of(actor), "qc.sample.verified", seal_number=sample.seal_number))
        else:
            waiting.append(News("qc.sample.confirmed", sample, {}, then, actor, ids_of(sample), organisation_id=sample.lab_id))
    if steps:
        advance(steps, [], actor=actor)
    announce_each(waiting)


def _confirmations(row: LabResult, actor: User) -> int:
    """Return how many have confirmed a result, the actor among them."""
    return len({seen.verified_by_id for seen in row.verifications.all() if seen.decision == "confirmed"} | {actor.pk})
