"""What a merchant is promised for goods that he announces: how long after the commit of the notice it stands, through relay and worker."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from assurance.calendar import SHANGHAI
from qc.promises.models import Promise
from warehouse.inbound.actions import AnnouncedLine, announce_shipment

if TYPE_CHECKING:
    from benchmarks.rows import Ground

NOTICES: Final = 40
PROMISED: Final = 2.0
"""Seconds within which a promise stands."""


def after_notices(ground: Ground) -> list[float]:
    """Announce shipments one after the other; return for each the seconds from the commit until every line has its promise."""
    spent = []
    for number in range(NOTICES):
        now = timezone.now()
        lines = [AnnouncedLine(product_id=pk, lot_number=f"P{number}", quantity=500) for pk in ground.product_ids[number : number + 3]]
        notice = announce_shipment(
            actor=ground.owner,
            warehouse_id=ground.warehouse.pk,
            reference=f"P{time.time_ns()}",
            expected_date=now.astimezone(SHANGHAI).date(),
            lines=lines,
            at=now,
        )
        began = time.perf_counter()
        while Promise.objects.filter(notice=notice).count() < len(lines):
            if time.perf_counter() - began > 10 * PROMISED:
                raise TimeoutError("nothing was promised")
            time.sleep(0.002)
        spent.append(time.perf_counter() - began)
    return spent[1:]  # the worker makes itself acquainted with its work at the first
