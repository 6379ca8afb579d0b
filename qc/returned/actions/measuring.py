"""Report how what came back of a product was graded."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count

from assurance.evidence.actions import report_fact
from qc.returned.models import ReturnInspection
from warehouse.returns.grades import Grade

if TYPE_CHECKING:
    from datetime import datetime


def report_grades(*, product_id: int, as_of: datetime, at: datetime) -> None:
    """Report the share of each grade among the inspected units of a product, each with the number of units it stands on."""
    counted = ReturnInspection.objects.filter(unit__product_id=product_id, inspected_at__lte=as_of).order_by()
    counts = dict(counted.values_list("grade").annotate(units=Count("pk")))
    total = sum(counts.values())
    for grade in Grade if total else ():
        share = Decimal(counts.get(grade, 0)) / total
        report_fact(
            f"return_grade_{grade}", subject_kind="product", subject_id=product_id, value=share, sample_size=total, as_of=as_of, at=at
        )
