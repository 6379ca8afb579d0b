"""Close a day: one tree over the checks of each product, its root in the evidence."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Max

from assurance.database import update_each
from assurance.events.actions import announce_all
from assurance.events.changes import first
from assurance.evidence.actions import Said, record_all
from qc.checks.leaves import leaf_hash, root_of
from qc.checks.models import CheckedGoods, DayOfChecks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

LOCK: Final = 7_203_177
"""Two workers that close days wait for each other."""
MOST: Final = 20_000
"""Leaves a call: the rest waits for the next."""
KIND: Final = "outbound_checks"


@transaction.atomic
def close_days(*, before: date, at: datetime, most: int = MOST) -> list[DayOfChecks]:
    """Put every check of a day before this one that stands in no tree yet into the tree of its product and day.

    One evidence entry a product and day with the Merkle root; what was recorded for a day that was closed before becomes its next
    part. A handful of queries, whatever the number of checks. An empty list says that nothing waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    loose = CheckedGoods.objects.filter(day_of_checks=None, day_date__lt=before).select_related("check_of")
    leaves = list(loose.order_by("day_date", "product_id", "id")[:most])
    groups = [(list(group), key) for key, group in groupby(leaves, key=lambda leaf: (leaf.day_date, leaf.product_id))]
    if len(leaves) == most and len(groups) > 1:
        groups.pop()  # perhaps cut in the middle
    days = _days(groups, at=at)
    DayOfChecks.objects.bulk_create(days)
    for day, (group, _key) in zip(days, groups, strict=True):
        for leaf in group:
            leaf.day_of_checks = day
    update_each([leaf for group, _ in groups for leaf in group], ["day_of_checks"])
    announce_all(
        [("qc.day.closed", day, first(day, "product_id", "day_date", "part", "size", "root"), {"day_id": day.pk}) for day in days],
        actor=None,
        at=at,
    )
    return days


def _days(groups: Sequence[tuple[list[CheckedGoods], tuple[date, int]]], *, at: datetime) -> list[DayOfChecks]:
    products = {product_id for _, (_, product_id) in groups}
    parts = {
        (row["day_date"], row["product_id"]): row["last"]
        for row in DayOfChecks.objects.filter(product_id__in=products).values("day_date", "product_id").annotate(last=Max("part"))
    }
    days = [
        DayOfChecks(
            merchant_id=group[0].merchant_id,
            product_id=product_id,
            day_date=day,
            part=parts.get((day, product_id), 0) + 1,
            size=len(group),
            root=root_of([leaf_hash(leaf.says) for leaf in group]).hex(),
            closed_at=at,
        )
        for group, (day, product_id) in groups
    ]
    failed = [sum(not leaf.check_of.has_passed for leaf in group) for group, _ in groups]
    entries = record_all(
        [Said(KIND, day.product_id, day.merchant_id, _body(day, number)) for day, number in zip(days, failed, strict=True)],
        actor=None,
        at=at,
    )
    for day, entry in zip(days, entries, strict=True):
        day.evidence_entry_id = entry.pk
    return days


def _body(day: DayOfChecks, failed: int) -> dict[str, object]:
    return {
        "product_id": day.product_id,
        "merchant_id": day.merchant_id,
        "day": day.day_date,
        "part": day.part,
        "checks": day.size,
        "failed": failed,
        "root": day.root,
    }
