"""What follows without anybody asking: goods that arrived are put up for inspection, people are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from assurance.events.registry import job
from assurance.reference import newest, reference
from qc.inspections import actions
from qc.inspections.actions.opening import NothingToInspect
from qc.inspections.actions.severities import InspectionSuspended
from qc.inspections.switching import Severity
from warehouse.stock.queries import found_lots

if TYPE_CHECKING:
    from datetime import datetime


@reference("defects")
def load_defects(at: datetime) -> int:
    """Load the newest version of the catalogue of defects."""
    return actions.load_defects(data=newest("defects"), at=at)


@job("warehouse.receipt.recorded")
def inspect_what_arrived(*, lot_id: int, **_from_newer_writers: object) -> None:
    """Open an inspection for the units of a receipt; what another job has already put into one needs nothing.

    While inspection of these goods is suspended they wait; what ends the suspension opens theirs.
    """
    try:
        actions.open_inspection(lot_id=lot_id, actor=None, at=timezone.now())
    except (NothingToInspect, InspectionSuspended):
        return


@job("warehouse.count.posted")
def inspect_what_was_found(*, count_id: int, **_from_newer_writers: object) -> None:
    """Open inspections for the units that a count found: they came in at no door, and nobody looked at them."""
    for lot_id in found_lots(count_id):
        try:
            actions.open_inspection(lot_id=lot_id, actor=None, at=timezone.now())
        except (NothingToInspect, InspectionSuspended):
            continue


@job("qc.goods.resubmitted")
def inspect_what_was_reworked(*, lot_id: int, **_from_newer_writers: object) -> None:
    """Open an inspection for goods that were put right; switching does not count it."""
    try:
        actions.open_inspection(lot_id=lot_id, actor=None, at=timezone.now(), is_original=False)
    except (NothingToInspect, InspectionSuspended):
        return


@job("qc.severity.switched")
def inspect_what_waited(*, severity_id: int, before: str, **_from_newer_writers: object) -> None:
    """Open inspections for what arrived while inspection was suspended."""
    if before == Severity.SUSPENDED:
        actions.open_waiting(severity_id=severity_id, at=timezone.now())


@job("qc.inspection.opened", queue="notices")
def tell_of_waiting_goods(*, inspection_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant that goods arrived, and the inspectors that they wait."""
    actions.tell_of_waiting_goods(inspection_id=inspection_id, at=timezone.now())


@job("qc.inspection.decided", queue="notices")
def tell_verdict(*, inspection_id: int, **_from_newer_writers: object) -> None:
    """Tell the merchant what became of the lot."""
    actions.tell_verdict(inspection_id=inspection_id, at=timezone.now())
