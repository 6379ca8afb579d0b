"""What actions ask about laboratories before one is chosen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assurance.accounts.models import Organisation
from assurance.calendar import SHANGHAI
from assurance.roles import Kind
from qc.labs.choosing import Lab, Opinion, Scope, choose
from qc.labs.models import LabScope, LabTie, Sample, SampleTest

if TYPE_CHECKING:
    from datetime import date


def week_of(at: datetime) -> tuple[datetime, datetime]:
    """Return the beginning of the week in China that a moment lies in, and the beginning of the next."""
    local = at.astimezone(SHANGHAI)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return monday, monday + timedelta(days=7)


@dataclass
class Market:
    """All laboratories as they stand: read once, then booked in memory while samples are given out."""

    labs: dict[int, Lab]
    booked: Counter[tuple[int, date]]
    ties: dict[tuple[int, int], str]
    last: dict[int, int]
    first_lab: dict[int, int | None]
    tests: dict[int, list[str]]

    @classmethod
    def of(cls, samples: Sequence[Sample], *, moments: Iterable[datetime]) -> Market:
        """Read what is needed to choose for these samples. Six queries, whatever their number."""
        scopes = defaultdict(list)
        for row in LabScope.objects.order_by("id"):
            scopes[row.lab_id].append(_scope(row))
        houses = Organisation.objects.filter(kind=Kind.LAB, pk__in=scopes).order_by("id")
        merchants = {sample.merchant_id for sample in samples}
        weeks = [week_of(at) for at in moments]
        sent = Sample.objects.filter(dispatched_at__gte=min(week[0] for week in weeks), dispatched_at__lt=max(week[1] for week in weeks))
        booked = Counter((lab_id, week_of(at)[0].date()) for lab_id, at in sent.values_list("lab_id", "dispatched_at") if at)
        ties = {(tie.lab_id, tie.merchant_id): tie.because for tie in LabTie.objects.filter(merchant_id__in=merchants)}
        before = Sample.objects.filter(merchant_id__in=merchants, dispatched_at__isnull=False)
        last = dict(before.order_by("merchant_id", "-dispatched_at", "-id").distinct("merchant_id").values_list("merchant_id", "lab_id"))
        asked = defaultdict(list)
        for sample_id, code in SampleTest.objects.filter(sample__in=samples).order_by("id").values_list("sample_id", "test__code"):
            asked[sample_id].append(code)
        firsts = [sample.retest_of_id for sample in samples if sample.retest_of_id]
        return cls(
            labs={house.pk: Lab(house.pk, house.name, tuple(scopes[house.pk])) for house in houses},
            booked=booked,
            ties=ties,
            last=last,
            first_lab=dict(Sample.objects.filter(pk__in=firsts).values_list("pk", "lab_id")) if firsts else {},
            tests=asked,
        )

    def opinions(self, sample: Sample, *, at: datetime) -> list[Opinion]:
        """Return what speaks for and against every laboratory, the best first."""
        week = week_of(at)[0].date()
        seen = [
            replace(
                lab,
                booked=self.booked[lab.lab_id, week],
                tie=self.ties.get((lab.lab_id, sample.merchant_id), ""),
                is_last_of_merchant=self.last.get(sample.merchant_id) == lab.lab_id,
            )
            for lab in self.labs.values()
        ]
        not_again = self.first_lab.get(sample.retest_of_id or 0)
        return choose(seen, self.tests[sample.pk], day=at.astimezone(SHANGHAI).date(), not_again=not_again)

    def book(self, sample: Sample, lab_id: int, *, at: datetime) -> None:
        """Count a sample that was just given to a laboratory."""
        self.booked[lab_id, week_of(at)[0].date()] += 1
        self.last[sample.merchant_id] = lab_id


def _scope(row: LabScope) -> Scope:
    return Scope(row.pk, row.test, row.valid_from, row.valid_until, row.price, row.turnaround_days, row.capacity_per_week)
