"""Open inspections for goods that wait: one tranche at a time, its plan fixed when somebody begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import Refused
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import DefectKind, Inspection
from qc.inspections.plans import due, plan_tranche
from warehouse.stock.actions import lock_lot
from warehouse.stock.custody import Custody
from warehouse.stock.queries import balance

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.inspections.sampling import ClassPlans
    from warehouse.stock.models import Lot

STAGE = "inbound"


class NothingToInspect(Refused):
    code = "nothing_to_inspect"
    message = _("All units of lot %(lot)s that wait are in an inspection already.")


class NoCatalogue(Refused):
    code = "no_defect_catalogue"
    message = _("The catalogue of defects has not been loaded.")


@transaction.atomic
def open_inspection(*, lot_id: int, actor: User | None, at: datetime) -> Inspection:
    """Put every unit of a lot that waits and is in no inspection yet into one, and return it.

    While nobody has begun the newest tranche, it grows and its plan is found anew; from the first claim with a unit
    on, what comes later is the next tranche. So there is one open inspection per lot, stage and tranche (P4.4, P4.8).

    :raises NothingToInspect: if all of it is in an inspection
    :raises NoCatalogue: before the reference data were loaded
    """
    lot = lock_lot(lot_id)
    standing = list(Inspection.objects.undecided().filter(lot=lot, stage=STAGE).select_for_update(of=("self",)).order_by("tranche"))
    units = balance(lot, Custody.PENDING) - sum(one.lot_size for one in standing)
    if units < 1:
        raise NothingToInspect(lot=lot.number)
    growing = next((one for one in standing if one.state == InspectionState.OPEN and not one.units.exists()), None)
    if growing:
        return _grow(growing, lot, units, actor=actor, at=at)
    return _begin(lot, units, actor=actor, at=at)


def _begin(lot: Lot, units: int, *, actor: User | None, at: datetime) -> Inspection:
    catalogue = DefectKind.objects.aggregate(newest=Max("version"))["newest"]
    if catalogue is None:
        raise NoCatalogue
    tranche = Inspection.objects.filter(lot=lot, stage=STAGE).aggregate(last=Max("tranche"))["last"] or 0
    inspection = Inspection.objects.create(
        merchant_id=lot.merchant_id,
        warehouse_id=lot.warehouse_id,
        product_id=lot.product_id,
        lot=lot,
        stage=STAGE,
        tranche=tranche + 1,
        lot_size=units,
        plan=_plan(lot, units).as_dict(),
        catalogue=catalogue,
        opened_at=at,
        due_at=due(at),
    )
    _tell("qc.inspection.opened", inspection, first(inspection, "lot_id", "tranche", "lot_size"), actor=actor, at=at)
    return inspection


def _grow(inspection: Inspection, lot: Lot, units: int, *, actor: User | None, at: datetime) -> Inspection:
    size = inspection.lot_size + units
    changes = change(inspection, lot_size=size)
    inspection.plan = _plan(lot, size).as_dict()
    inspection.__dict__.pop("plans", None)
    inspection.save(update_fields=["lot_size", "plan"])
    changes["sample_size"] = [None, inspection.sample_size]
    _tell("qc.inspection.enlarged", inspection, changes, actor=actor, at=at)
    return inspection


def _plan(lot: Lot, units: int) -> ClassPlans:
    category = lot.product.category
    return plan_tranche(size=units, level=category.inspection_level, aql_major=category.aql_major, aql_minor=category.aql_minor)


def _tell(kind: str, inspection: Inspection, changes: dict[str, list[object]], *, actor: User | None, at: datetime) -> None:
    announce(
        kind,
        actor=actor,
        at=at,
        subject=inspection,
        changes=changes,
        inspection_id=inspection.pk,
        lot_id=inspection.lot_id,
        product_id=inspection.product_id,
    )
