"""Report how much of a product comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from assurance.evidence.actions import Measured, report_facts
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import ParcelItem
from warehouse.returns.models import ReturnUnit

if TYPE_CHECKING:
    from datetime import datetime


def report_return_rates(*, return_id: int, as_of: datetime, at: datetime) -> None:
    """Report of every product of a return which share of the shipped units came back, from how many were shipped."""
    product_ids = set(ReturnUnit.objects.filter(return_parcel=return_id, product__isnull=False).values_list("product_id", flat=True))
    shipped = dict(
        ParcelItem.objects.filter(product_id__in=product_ids, parcel__state=ParcelState.HANDED_OVER)
        .values_list("product_id")
        .annotate(units=Sum("quantity"))
    )
    back = dict(
        ReturnUnit.objects.filter(product_id__in=product_ids, kind="expected", received_at__lte=as_of)
        .values_list("product_id")
        .annotate(units=Count("pk"))
    )
    measured = [Measured(product_id, Decimal(back.get(product_id, 0)) / units, units) for product_id, units in shipped.items() if units]
    report_facts("return_rate", measured, subject_kind="product", as_of=as_of, at=at)
