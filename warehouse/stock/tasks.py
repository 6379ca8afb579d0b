"""What stock tells by itself."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import every
from assurance.evidence.actions import MOST_FACTS, report_facts
from warehouse.stock import selling


@every(30)
def report_sellable(**_from_newer_writers: object) -> None:
    """Report how many units of each product can be sold, where that changed."""
    now = timezone.now()
    changed = selling.news(at=now)
    for start in range(0, len(changed), MOST_FACTS):
        report_facts(selling.SELLABLE, changed[start : start + MOST_FACTS], subject_kind="product", as_of=now, at=now, unit="unit")
