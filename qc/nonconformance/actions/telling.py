"""Tell whose goods they are, and who must decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from assurance.notices.actions import notify
from qc.nonconformance.lifecycle import DispositionState
from qc.nonconformance.models import Disposition, NonConformance
from qc.nonconformance.queries import leads, merchants_people

if TYPE_CHECKING:
    from datetime import datetime


def tell_opened(*, non_conformance_id: int, at: datetime) -> None:
    """Tell the merchant of a lot that he has to choose, and by when. Parcels are the warehouse's own matter."""
    row = NonConformance.objects.select_related("lot").get(pk=non_conformance_id)
    if row.lot is None or row.stage != "inbound":
        return
    notify(
        "non_conformance_opened",
        recipients=merchants_people(row.merchant_id),
        key=str(row.pk),
        at=at,
        link=reverse("nonconformance:show", args=[row.pk]),
        lot=row.lot.number,
        units=row.quantity,
        due=row.due_at.isoformat(),
    )


def tell_disposition(*, disposition_id: int, at: datetime) -> None:
    """Tell the leads what was asked for, and the merchant what became of it."""
    one = Disposition.objects.select_related("lot", "non_conformance").get(pk=disposition_id)
    link = reverse("nonconformance:show", args=[one.non_conformance_id])
    facts = {"lot": one.lot.number, "units": one.quantity}
    if one.state == DispositionState.REQUESTED:
        notify("disposition_requested", recipients=leads(one.warehouse_id), key=str(one.pk), at=at, link=link, **facts)
        return
    merchant = merchants_people(one.merchant_id)
    if one.state == DispositionState.APPROVED:
        notify("disposition_approved", recipients=merchant, key=str(one.pk), at=at, link=link, **facts)
    elif one.state == DispositionState.REFUSED:
        notify("disposition_refused", recipients=merchant, key=str(one.pk), at=at, link=link, **facts)
    elif one.state in (DispositionState.DONE, DispositionState.ENDED):
        is_done = one.state == DispositionState.DONE
        notify("disposition_done" if is_done else "disposition_ended", recipients=merchant, key=str(one.pk), at=at, link=link, **facts)
