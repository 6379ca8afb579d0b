"""Promise a merchant how his announced goods will be inspected, and when they are released."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from assurance.notices.actions import notify
from assurance.roles import MERCHANT
from qc.inspections.models import ClassSeverity
from qc.inspections.plans import due, plan_tranche
from qc.inspections.sampling import DefectClass
from qc.inspections.switching import Severity
from qc.promises.expecting import arrival
from qc.promises.models import Promise
from warehouse.inbound.gate import booked
from warehouse.inbound.models import ShipmentNotice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from warehouse.inbound.models import ShipmentLine

Severities = dict[DefectClass, str]


@transaction.atomic
def promise(*, notice_id: int, at: datetime) -> list[Promise]:
    """Promise every line of a notice its level, its sample and its time of release, and tell the merchant.

    Nothing is written again for the arrival that was promised last. Six queries, whatever the number of lines.
    """
    notice = ShipmentNotice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    lines = list(notice.lines.select_related("product__category").order_by("id"))
    slot = booked(notice)
    expected = arrival(notice.expected_date, slot_ends_at=slot.ends_at if slot else None, tz=SHANGHAI)
    last = {one.line_id: one for one in Promise.objects.filter(notice=notice).said_last()}
    if any(one.arrival_at == expected for one in last.values()):
        return []
    severities = _severities(notice, lines)
    rounds = {pk: one.round for pk, one in last.items()}
    made = Promise.objects.bulk_create(
        _promise(line, severities[line.product_id], expected, rounds.get(line.pk, 0) + 1, at=at) for line in lines
    )
    if not notice.source:
        _tell(notice, made, at=at)
    return made


def _severities(notice: ShipmentNotice, lines: list[ShipmentLine]) -> dict[int, Severities]:
    """Return by which severity each product is inspected there; what was never inspected starts at normal."""
    found: dict[int, Severities] = {
        line.product_id: dict.fromkeys((DefectClass.MAJOR, DefectClass.MINOR), Severity.NORMAL) for line in lines
    }
    rows = ClassSeverity.objects.filter(warehouse_id=notice.warehouse_id, product_id__in=found)
    for product_id, one, severity in rows.values_list("product_id", "defect_class", "severity"):
        found[product_id][DefectClass(one)] = severity
    return found


def _promise(line: ShipmentLine, severities: Mapping[DefectClass, str], expected: datetime, number: int, *, at: datetime) -> Promise:
    category = line.product.category
    limits = {"level": category.inspection_level, "aql_major": category.aql_major, "aql_minor": category.aql_minor}
    is_suspended = Severity.SUSPENDED in severities.values()
    # what is suspended goes on tightened
    planned = {one: Severity.TIGHTENED if severity == Severity.SUSPENDED else severity for one, severity in severities.items()}
    plans = plan_tranche(size=line.quantity, severities=planned, **limits)
    return Promise(
        notice_id=line.notice_id,
        line=line,
        merchant_id=line.merchant_id,
        warehouse_id=line.warehouse_id,
        product_id=line.product_id,
        round=number,
        level=category.inspection_level,
        severity_major=severities[DefectClass.MAJOR],
        severity_minor=severities[DefectClass.MINOR],
        lot_size=line.quantity,
        sample_size=plans.sample_size,
        arrival_at=expected,
        release_at=None if is_suspended else due(expected),
        made_at=at,
    )


def _tell(notice: ShipmentNotice, made: list[Promise], *, at: datetime) -> None:
    until = [one.release_at for one in made if one.release_at]
    if not until:
        return
    people = User.objects.acting_for(notice.merchant_id, MERCHANT)
    told = {"notice": notice.code, "units": sum(one.sample_size for one in made), "until": max(until).isoformat()}
    link = reverse("inbound:show", args=[notice.pk])
    notify("inspection_promised", recipients=people, key=f"{notice.pk}/{made[0].round}", at=at, link=link, **told)
