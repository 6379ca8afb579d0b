"""Order the one retest that the rule of a sample allows: on its counter-sample, in another laboratory."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.refusals import Refused
from qc.labs.actions.locking import check_house, hold, ids_of
from qc.labs.lifecycle import SampleState
from qc.labs.models import LabResult, Sample, SampleTest
from qc.labs.retesting import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User


class NothingToRetest(Refused):
    code = "nothing_to_retest"
    message = _("Nothing of sample %(sample)s failed that can be tested again. Microbes, for example, are never tested twice.")


class RetestUsed(Refused):
    code = "retest_used"
    message = _("Sample %(sample)s had its retest. The rule that was fixed before its first result allows no other.")


class NoCounterSample(Refused):
    code = "no_counter_sample"
    message = _("The counter-sample of %(sample)s is not kept any more.")


@dataclass(frozen=True)
class Retesting:
    """A published sample to be tested again, and why."""

    sample_id: int
    reason: str
    at: datetime | None = None


@transaction.atomic
def order_retest(items: Sequence[Retesting], *, actor: User, at: datetime) -> list[Sample]:
    """Put the counter-samples of failed samples on their way to another laboratory. The first results stay as they are (P9.5, A9.1).

    :raises WrongState: if a sample is not published
    :raises NothingToRetest, RetestUsed, NoCounterSample: if the rule does not allow it
    """
    held = hold([one.sample_id for one in items], SampleState.PUBLISHED)
    check_house(held.values(), actor)
    used = set(Sample.objects.filter(retest_of__in=held).exclude(state=SampleState.VOIDED).values_list("retest_of_id", flat=True))
    failed = defaultdict(list)
    rows = LabResult.objects.standing().filter(sample__in=held, verdict="fail", sample_test__test__is_repeatable=True)
    for row in rows.select_related("sample_test").order_by("sample_test_id"):
        failed[row.sample_id].append(row.sample_test)
    for place, one in enumerate(items):
        _check(held[one.sample_id], failed[one.sample_id], used, place=place, at=one.at or at)
    made = Sample.objects.bulk_create(_retest(held[one.sample_id], one, at=one.at or at) for one in items)
    SampleTest.objects.bulk_create(
        SampleTest(sample=again, merchant_id=again.merchant_id, test_id=test.test_id)
        for again in made
        for test in failed[again.retest_of_id or 0]
    )
    shown = ("lot_id", "origin", "retest_of_id", "seal_number", "state")
    announce_each(
        [News("qc.sample.scheduled", again, first(again, *shown), again.scheduled_at, actor, ids_of(again), again.reason) for again in made]
    )
    return made


def _check(sample: Sample, failed: Sequence[SampleTest], used: set[int], *, place: int, at: datetime) -> None:
    field = f"items.{place}"
    if sample.retest_of_id or sample.pk in used or RULES[sample.retest_rule].most < 1:
        raise RetestUsed(field=field, sample=sample.code)
    if not failed:
        raise NothingToRetest(field=field, sample=sample.code)
    until = sample.counter_until
    if not sample.counter_units or until is None or until < at.astimezone(SHANGHAI).date():
        raise NoCounterSample(field=field, sample=sample.code)


def _retest(sample: Sample, one: Retesting, *, at: datetime) -> Sample:
    """Return the counter-sample as a sample of its own: it was sealed when the first one was."""
    return Sample(
        merchant_id=sample.merchant_id,
        warehouse_id=sample.warehouse_id,
        product_id=sample.product_id,
        lot_id=sample.lot_id,
        round_id=sample.round_id,
        origin="retest",
        retest_of=sample,
        reason=one.reason.strip()[:200],
        state=SampleState.SEALED,
        units=sample.counter_units,
        counter_units=0,
        retest_rule=sample.retest_rule,
        scheduled_at=at,
        taken_by_id=sample.taken_by_id,
        seal_number=sample.counter_seal_number,
        source=sample.source,
    )
