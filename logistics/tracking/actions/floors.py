"""Say as a fact how much of what a merchant's buyers paid was picked up within a day: what his entry into the programme is judged by."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q

from assurance.evidence.actions import MOST_FACTS, Measured, report_facts
from assurance.evidence.models import Fact
from assurance.qualification.outcome import ORDERS
from assurance.qualification.queries import window_days
from logistics.dispatch.models import Waybill
from logistics.tracking.legs import PICKED_WITHIN
from warehouse.orders.lifecycle import OrderState, ParcelState
from warehouse.orders.models import OrderLine, Parcel

if TYPE_CHECKING:
    from datetime import datetime

MERCHANT: Final = "merchant"
WINDOW_DAYS: Final = 30


@transaction.atomic
def report_pickup_shares(*, as_of: datetime, at: datetime) -> int:
    """Measure every merchant's orders of the window and append what differs; return how many facts were written.

    An order counts when it was paid at least 24 hours ago and is not cancelled; it is kept when all of it was picked up within 24 hours.
    A pick-up before the payment is a wrong clock: such an order counts neither way. Who has no order left in the window is told as 0 of 0.
    """
    measured = _measured(as_of)
    seen = {one.subject_id for one in measured}
    before = Fact.objects.filter(name=ORDERS, subject_kind=MERCHANT).latest_of_each()
    measured += [Measured(fact.subject_id, 0, 0) for fact in before if fact.sample_size and fact.subject_id not in seen]
    written = 0
    for start in range(0, len(measured), MOST_FACTS):
        part = measured[start : start + MOST_FACTS]
        written += len(report_facts(ORDERS, part, subject_kind=MERCHANT, unit="share", as_of=as_of, at=at))
    return written


def _measured(as_of: datetime) -> list[Measured]:
    begins = as_of - timedelta(days=window_days(ORDERS, at=as_of, default=WINDOW_DAYS))
    lines = OrderLine.objects.filter(order__paid_at__gt=begins, order__paid_at__lte=as_of - PICKED_WITHIN)
    own = {"order": OuterRef("order_id"), "merchant": OuterRef("merchant_id")}
    picked = Waybill.objects.live().filter(picked_up_at__lte=as_of)
    of_line = picked.filter(parcel__order=OuterRef("order_id"), merchant=OuterRef("merchant_id"))
    in_time = picked.filter(parcel=OuterRef("pk"), picked_up_at__lte=F("paid_at") + PICKED_WITHIN)
    left_behind = Parcel.objects.filter(**own).exclude(state=ParcelState.CANCELLED).exclude(Exists(in_time))
    judged = lines.exclude(order__state=OrderState.CANCELLED).annotate(
        wrong=Exists(of_line.filter(picked_up_at__lt=F("paid_at"))),
        sent=Exists(of_line),
        late=Exists(left_behind),
        short=Exists(OrderLine.objects.filter(**own, allocated__lt=F("quantity"))),
    )
    kept = Q(wrong=False, sent=True, late=False, short=False)
    rows = judged.order_by().values("merchant_id")
    counted = rows.annotate(n=Count("order_id", distinct=True, filter=Q(wrong=False)), kept=Count("order_id", distinct=True, filter=kept))
    return [Measured(row["merchant_id"], Decimal(row["kept"]) / row["n"], row["n"]) for row in counted if row["n"]]
