"""Say as facts what the legs of many parcels came to: merchants' pick-ups, services' punctuality, days by zone."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncDate

from assurance.calendar import SHANGHAI
from assurance.evidence.actions import MOST_FACTS, Measured, report_facts
from logistics.couriers.queries import ON_TIME, SERVICE
from logistics.dispatch.models import Waybill
from logistics.tracking.legs import PICKED_WITHIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

PICKED: Final = "picked_within_24h"
MERCHANT: Final = "merchant"
LANE_DAYS: Final = "lane_days"
DAY_SECONDS: Final = 86_400


@transaction.atomic
def report_delivery_facts(*, as_of: datetime, at: datetime) -> int:
    """Measure everything up to a moment and append what differs; return how many facts were written.

    A pick-up before the payment is a wrong clock: it counts neither above nor below the line.
    """
    written = _report(PICKED, _picked(as_of), subject_kind=MERCHANT, unit="share", as_of=as_of, at=at)
    written += _report(ON_TIME, _on_time(as_of), subject_kind=SERVICE, unit="share", as_of=as_of, at=at)
    for zone, measured in _lane_days(as_of).items():
        written += _report(f"{LANE_DAYS}.{zone}", measured, subject_kind=SERVICE, unit="days", as_of=as_of, at=at)
    return written


def _report(name: str, measured: Sequence[Measured], *, subject_kind: str, unit: str, as_of: datetime, at: datetime) -> int:
    written = 0
    for start in range(0, len(measured), MOST_FACTS):
        part = measured[start : start + MOST_FACTS]
        written += len(report_facts(name, part, subject_kind=subject_kind, unit=unit, as_of=as_of, at=at))
    return written


def _picked(as_of: datetime) -> list[Measured]:
    counted = Waybill.objects.filter(picked_up_at__lte=as_of, picked_up_at__gte=F("paid_at"))
    within = Count("pk", filter=Q(picked_up_at__lte=F("paid_at") + PICKED_WITHIN))
    rows = counted.order_by().values("merchant_id").annotate(n=Count("pk"), kept=within)
    return [Measured(row["merchant_id"], Decimal(row["kept"]) / row["n"], row["n"]) for row in rows]


def _on_time(as_of: datetime) -> list[Measured]:
    arrived = Waybill.objects.filter(delivered_at__lte=as_of).annotate(day=TruncDate("delivered_at", tzinfo=SHANGHAI))
    rows = arrived.order_by().values("service_id").annotate(n=Count("pk"), kept=Count("pk", filter=Q(day__lte=F("promised_delivery_date"))))
    return [Measured(row["service_id"], Decimal(row["kept"]) / row["n"], row["n"]) for row in rows]


def _lane_days(as_of: datetime) -> dict[str, list[Measured]]:
    """Return the mean days from pick-up to delivery by zone and service, bad clocks left out."""
    arrived = Waybill.objects.filter(delivered_at__lte=as_of, picked_up_at__isnull=False, delivered_at__gte=F("picked_up_at"))
    took = ExpressionWrapper(F("delivered_at") - F("picked_up_at"), output_field=DurationField())
    rows = arrived.order_by().values("service_id", "zone").annotate(n=Count("pk"), took=Avg(took))
    found: dict[str, list[Measured]] = defaultdict(list)
    for row in rows:
        days = Decimal(int(row["took"].total_seconds())) / DAY_SECONDS
        found[row["zone"]].append(Measured(row["service_id"], days, row["n"]))
    return found
