"""Lots that failed their inspection, made through the same actions as on the pages. At the cast's moment NOON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qc.inspections import actions as qc
from qc.inspections.models import ClassSeverity
from qc.inspections.switching import after_lot, start
from qc.nonconformance import actions
from qc.nonconformance.models import NonConformance
from qc.quality import actions as quality
from tests import goods
from tests.factories import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import Organisation, User
    from assurance.products.models import Product
    from qc.inspections.models import Inspection
    from qc.nonconformance.models import Disposition, DispositionMove
    from qc.quality.models import CorrectiveAction


def rejected(amal: User, wei: User, bo: User, *defects: str, quantity: int = 50, **given: Any) -> Inspection:
    """Return an inspection of a lot that Bo could not accept: the first units leak, or show the defects that are named."""
    found = goods.inspection(amal, wei, quantity=quantity, **given)
    qc.claim(inspection_id=found.pk, actor=bo, at=NOON)
    plan = found.plans.major
    return goods.record(found, bo, range(1, plan.reject + 1), *(defects or ("leaking",))).inspection


def failed(amal: User, wei: User, bo: User, *defects: str, **given: Any) -> NonConformance:
    """Return what must be put right on such a lot."""
    return NonConformance.objects.get(stage="inbound", source_id=rejected(amal, wei, bo, *defects, **given).pk)


def suspended(product: Product, warehouse: Organisation) -> ClassSeverity:
    """Return what seven rejected lots make of a class: tightened after two, suspended after five more."""
    state = start()
    for lot in range(7):
        state = after_lot(state, nonconforming=20, lot_size=1000, level="II", aql="2.5", lot=str(lot))
    return ClassSeverity.objects.create(
        merchant_id=product.merchant_id,
        product=product,
        warehouse=warehouse,
        defect_class="major",
        severity=str(state.severity),
        standing=state.as_dict(),
        changed_at=NOON,
    )


def demanded(product: Product, warehouse: Organisation) -> CorrectiveAction:
    """Return the corrective action that is demanded for such goods."""
    made = quality.demand(severity_id=suspended(product, warehouse).pk, at=NOON)
    assert made is not None
    return made


def submitted(product: Product, warehouse: Organisation, actor: User) -> CorrectiveAction:
    made = demanded(product, warehouse)
    return quality.submit(corrective_action_id=made.pk, cause="heat", plan="calibration", actor=actor, at=NOON)


def ask(row: NonConformance, actor: User, kind: str, quantity: int, *, at: datetime = NOON, **given: Any) -> Disposition:
    values = {"reason": "so that it is settled"} | given
    return actions.request_disposition(non_conformance_id=row.pk, kind=kind, quantity=quantity, actor=actor, at=at, **values)


def carry(one: Disposition, actor: User, quantity: int, *, at: datetime = NOON, **given: Any) -> DispositionMove:
    return actions.carry_out(disposition_id=one.pk, quantity=quantity, actor=actor, at=at, **given)
