"""Say as a fact how satisfied buyers are with a merchant's cases: what his entry into the programme is judged by."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Count, Q

from aftersales.cases.models import CaseRating
from assurance.evidence.actions import MOST_FACTS, Measured, report_facts
from assurance.evidence.models import Fact
from assurance.qualification.queries import window_days

if TYPE_CHECKING:
    from datetime import datetime

SATISFIED: Final = "service_satisfied"
MERCHANT: Final = "merchant"
SATISFIED_FROM: Final = 4
"""Ratings of 4 and 5 of 5 are satisfied ones."""
WINDOW_DAYS: Final = 90


@transaction.atomic
def report_satisfaction(*, at: datetime) -> int:
    """Measure every merchant's ratings of the window and append what differs; return how many facts were written.

    Who has no rating left in the window is told as 0 of 0.
    """
    begins = at - timedelta(days=window_days(SATISFIED, at=at, default=WINDOW_DAYS))
    rated = CaseRating.objects.filter(rated_at__gt=begins, rated_at__lte=at).order_by().values("merchant_id")
    rows = rated.annotate(n=Count("pk"), kept=Count("pk", filter=Q(score__gte=SATISFIED_FROM)))
    measured = [Measured(row["merchant_id"], Decimal(row["kept"]) / row["n"], row["n"]) for row in rows]
    seen = {one.subject_id for one in measured}
    before = Fact.objects.filter(name=SATISFIED, subject_kind=MERCHANT).latest_of_each()
    measured += [Measured(fact.subject_id, 0, 0) for fact in before if fact.sample_size and fact.subject_id not in seen]
    written = 0
    for start in range(0, len(measured), MOST_FACTS):
        part = measured[start : start + MOST_FACTS]
        written += len(report_facts(SATISFIED, part, subject_kind=MERCHANT, unit="share", as_of=at, at=at))
    return written
