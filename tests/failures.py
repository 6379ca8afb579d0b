"""Lots that failed their inspection, made through the same actions as on the pages. At the cast's moment NOON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qc.inspections import actions as qc
from qc.nonconformance import actions
from qc.nonconformance.models import NonConformance
from tests import goods
from tests.factories import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.inspections.models import Inspection
    from qc.nonconformance.models import Disposition, DispositionMove


def rejected(amal: User, wei: User, bo: User, *defects: str, quantity: int = 50, **given: Any) -> Inspection:
    """Return an inspection of a lot that Bo could not accept: the first units leak, or show the defects that are named."""
    found = goods.inspection(amal, wei, quantity=quantity, **given)
    qc.claim(inspection_id=found.pk, actor=bo, at=NOON)
    plan = found.plans.major
    return goods.record(found, bo, range(1, plan.reject + 1), *(defects or ("leaking",))).inspection


def failed(amal: User, wei: User, bo: User, *defects: str, **given: Any) -> NonConformance:
    """Return what must be put right on such a lot."""
    return NonConformance.objects.get(stage="inbound", source_id=rejected(amal, wei, bo, *defects, **given).pk)


def ask(row: NonConformance, actor: User, kind: str, quantity: int, *, at: datetime = NOON, **given: Any) -> Disposition:
    values = {"reason": "so that it is settled"} | given
    return actions.request_disposition(non_conformance_id=row.pk, kind=kind, quantity=quantity, actor=actor, at=at, **values)


def carry(one: Disposition, actor: User, quantity: int, *, at: datetime = NOON, **given: Any) -> DispositionMove:
    return actions.carry_out(disposition_id=one.pk, quantity=quantity, actor=actor, at=at, **given)
