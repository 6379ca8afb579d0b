"""What stands in the way, and what was cleared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.gates.models import Clearance, Stop

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def stop_covering(
    *,
    merchant_id: int,
    product_id: int | None = None,
    warehouse_id: int | None = None,
    lot_id: int | None = None,
    at: datetime | None = None,
) -> Stop | None:
    """Return the oldest stop in force that covers this, or nothing. ``at`` is now unless given.

    For showing. Who moves something asks ``gates.actions.pass_gate`` in his transaction, so that no stop slips in between.
    """
    found = stops_covering(merchant_id=merchant_id, product_id=product_id, warehouse_id=warehouse_id, lot_id=lot_id, at=at)
    return found[0] if found else None


def stops_covering(
    *,
    merchant_id: int,
    product_id: int | None = None,
    warehouse_id: int | None = None,
    lot_id: int | None = None,
    at: datetime | None = None,
) -> list[Stop]:
    """Return all stops in force that cover this, oldest first."""
    covering = Stop.objects.covering(merchant_id=merchant_id, product_id=product_id, warehouse_id=warehouse_id, lot_id=lot_id)
    return list(covering.open(at).order_by("opened_at", "id"))


def stops_of(merchant_ids: Iterable[int], *, at: datetime) -> list[Stop]:
    """Return all stops in force on anything of these merchants, oldest first: one query for a whole list, then ``Stop.covers``."""
    return list(Stop.objects.filter(merchant_id__in=set(merchant_ids)).open(at).order_by("opened_at", "id"))


def clearance_of(subject_kind: str, subject_id: int, stage: str, *, tranche: int = 1) -> Clearance | None:
    """Return what was decided about this subject at this stage, or nothing."""
    return Clearance.objects.of(subject_kind, subject_id).filter(stage=stage, tranche=tranche).first()
