"""Put samples on the list of what is to be taken; every way to a sample goes through here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.evidence.actions import Measured, report_facts
from assurance.products.models import Category
from qc.labs.actions.locking import ids_of
from qc.labs.models import Sample, SampleTest
from qc.labs.queries.risk import has_waiting, newest_good, tests_of
from qc.labs.retesting import IN_FORCE
from qc.labs.scheduling import units_for
from warehouse.stock.actions import lock_lot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.labs.models import DrawRound
    from warehouse.stock.models import Lot

DEMANDED = "lab_demanded"
"""The fact about a lot that a laboratory result is owed."""


@dataclass(frozen=True)
class Wanted:
    """A sample to be taken of a lot, and why."""

    lot: Lot
    origin: str
    round: DrawRound | None = None
    replaces: Sample | None = None
    reason: str = ""


def schedule(items: Sequence[Wanted], *, actor: User | None, at: datetime, source: str = "") -> list[Sample]:
    """Write down which samples are to be taken, with the tests and the retest rule that hold from now on, whatever is found later.

    The lots' products were read. Lots without any test are left out. The caller's transaction.
    """
    tests = tests_of([one.lot for one in items])
    wanted = [one for one in items if tests[one.lot.pk]]
    made = Sample.objects.bulk_create(
        Sample(
            merchant_id=one.lot.merchant_id,
            warehouse_id=one.lot.warehouse_id,
            product=one.lot.product,
            lot=one.lot,
            round=one.round,
            origin=one.origin,
            replaces=one.replaces,
            reason=one.reason,
            units=units_for(tests[one.lot.pk]),
            counter_units=units_for(tests[one.lot.pk]),
            retest_rule=IN_FORCE,
            scheduled_at=at,
            source=source,
        )
        for one in wanted
    )
    SampleTest.objects.bulk_create(
        SampleTest(sample=sample, merchant_id=sample.merchant_id, test_id=test.test_id) for sample in made for test in tests[sample.lot_id]
    )
    shown = ("lot_id", "origin", "units", "counter_units", "retest_rule")
    announce_each([News("qc.sample.scheduled", one, first(one, *shown), at, actor, ids_of(one), one.reason) for one in made])
    if made:
        report_facts(DEMANDED, [Measured(one.lot_id, 1, 1) for one in made], subject_kind="lot", as_of=at, at=at)
    return made


@transaction.atomic
def schedule_what_is_demanded(*, lot_id: int, at: datetime) -> Sample | None:
    """Schedule a sample of a released lot whose kind of goods needs a laboratory result for its badge, if none is good or under way."""
    lot = lock_lot(lot_id)
    days = Category.objects.values_list("lab_result_days", flat=True).get(pk=lot.product.category_id)
    if not days or has_waiting(lot_id) or newest_good(lot.product_id, since=at - timedelta(days=days)):
        return None
    made = schedule([Wanted(lot, "demanded")], actor=None, at=at)
    return made[0] if made else None


def withdraw_demand(samples: Sequence[Sample], *, at: datetime) -> None:
    """Say that no result is owed any more of lots whose sample was given up without another."""
    if samples:
        report_facts(DEMANDED, [Measured(one.lot_id, 0, 1) for one in samples], subject_kind="lot", as_of=at, at=at)
