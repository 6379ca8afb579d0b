"""Keep what the warehouse recorded of a parcel for as long as somebody disputes it (P7.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aftersales.cases.lifecycle import CaseState
from aftersales.cases.models import CaseLink
from aftersales.cases.queries.finding import PARCEL
from warehouse.orders.actions import keep_records

if TYPE_CHECKING:
    from datetime import datetime


def keep_parcel_records(*, at: datetime, case_id: int | None = None) -> None:
    """Let the time of the packing records of a case's parcels begin anew, or of all that an open case is about. Two queries."""
    links = CaseLink.objects.filter(subject_kind=PARCEL).order_by("subject_id")
    links = links.filter(case_id=case_id) if case_id else links.exclude(case__state=CaseState.CLOSED)
    keep_records(set(links.values_list("subject_id", flat=True)), at=at)
