"""What the rules look at, and how often each was right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from aftersales.cases.lifecycle import JUDGED, CaseState
from aftersales.cases.models import Case
from aftersales.signals.models import RULE_CHOICES, SignalFinding, SignalSwitch
from aftersales.signals.rules import BASE_RATE, LATE_AFTER, SILENT_AFTER, SPIKE_AT_LEAST, Precision, Rule
from assurance.calendar import SHANGHAI
from assurance.evidence.models import Fact
from logistics.dispatch.models import Waybill
from warehouse.orders.lifecycle import AllocationState
from warehouse.orders.models import Allocation
from warehouse.returns.models import ReturnUnit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from assurance.accounts.models import User

LOOKED_BACK: Final = timedelta(days=60)
"""Parcels handed over earlier are not looked at any more: whoever misses one has said so."""
SPIKE_WINDOW: Final = timedelta(days=30)


def switched_off() -> set[str]:
    """Return the rules that may open no case."""
    return set(SignalSwitch.objects.filter(is_on=False).values_list("rule", flat=True))


def _without_case(waybills: Iterable[Waybill], rule: Rule) -> list[Waybill]:
    """Leave out what the rule has a case of, open or closed: the same silence is found once."""
    found = list(waybills)
    known = Case.objects.filter(rule=rule, about_kind="warehouse.parcel", about_id__in=[one.parcel_id for one in found])
    had = set(known.values_list("about_id", flat=True))
    return [one for one in found if one.parcel_id not in had]


def silent_waybills(*, at: datetime, most: int) -> list[Waybill]:
    """Return parcels on the way of which nothing was heard for long, the longest silence first. Two queries."""
    heard = Coalesce("last_event_at", "handed_over_at")
    on_the_way = Waybill.objects.on_the_way().annotate(heard_at=heard)
    silent = on_the_way.filter(heard_at__lte=at - SILENT_AFTER, handed_over_at__gte=at - LOOKED_BACK).order_by("heard_at", "id")
    return _without_case(silent[:most], Rule.SILENT_PARCEL)


def late_waybills(*, at: datetime, most: int) -> list[Waybill]:
    """Return parcels that should have been delivered, the latest first. Two queries."""
    last_day = (at - LATE_AFTER).astimezone(SHANGHAI).date()
    late = Waybill.objects.on_the_way().filter(promised_delivery_date__lt=last_day, handed_over_at__gte=at - LOOKED_BACK)
    return _without_case(late.order_by("promised_delivery_date", "id")[:most], Rule.LATE_PARCEL)


def end_of(promised: Waybill) -> datetime:
    """Return the moment a promised day is over, in Shanghai."""
    return datetime.combine(promised.promised_delivery_date + timedelta(days=1), time.min, SHANGHAI)


@dataclass(frozen=True)
class Returned:
    """How many units of a lot went out and how many of them came back lately."""

    lot_id: int
    product_id: int
    returned: int
    shipped: int
    base_rate: Decimal


def returned_lots(*, at: datetime, most: int) -> list[Returned]:
    """Return the lots of which units came back in the last 30 days, the most returns first. Four queries."""
    back = ReturnUnit.objects.filter(kind="expected", lot__isnull=False, received_at__gt=at - SPIKE_WINDOW, received_at__lte=at)
    by_lot = back.values("lot_id", "product_id").order_by().annotate(n=Count("pk")).filter(n__gte=SPIKE_AT_LEAST)
    rows = list(by_lot.order_by("-n", "lot_id")[:most])
    lots = [row["lot_id"] for row in rows]
    sent = Allocation.objects.filter(lot_id__in=lots, state=AllocationState.SHIPPED).order_by()
    shipped = dict(sent.values_list("lot_id").annotate(units=Sum("quantity")))
    known = set(
        Case.objects.filter(rule=Rule.RETURN_SPIKE, about_id__in=lots).exclude(state=CaseState.CLOSED).values_list("about_id", flat=True)
    )
    rates = base_rates([row["product_id"] for row in rows])
    return [
        Returned(row["lot_id"], row["product_id"], min(row["n"], shipped[row["lot_id"]]), shipped[row["lot_id"]], rates[row["product_id"]])
        for row in rows
        if row["lot_id"] in shipped and row["lot_id"] not in known
    ]


def base_rates(product_ids: Sequence[int]) -> dict[int, Decimal]:
    """Return the share of units of a product that usually come back: its measured fact, else the house's. One query."""
    facts = Fact.objects.filter(name="return_rate", subject_kind="product", subject_id__in=product_ids).latest_of_each()
    measured = {fact.subject_id: fact.value for fact in facts if fact.sample_size >= 100 and 0 < fact.value < 1}
    return {number: min(measured.get(number, BASE_RATE), BASE_RATE) for number in product_ids}


def precision() -> dict[str, Precision]:
    """Return of every rule how many cases it opened, how many are decided and how many were confirmed. One query."""
    judged = Q(case__state__in=JUDGED)
    rows = (
        SignalFinding.objects.order_by()
        .values("rule")
        .annotate(
            opened=Count("pk"),
            decided=Count("pk", filter=judged),
            confirmed=Count("pk", filter=judged & Q(case__is_confirmed=True)),
        )
    )
    return {row["rule"]: Precision(row["opened"], row["decided"], row["confirmed"]) for row in rows}


@dataclass(frozen=True)
class RuleRow:
    """One rule for a list: whether it is on, and how good it is."""

    rule: str
    name: str
    is_on: bool
    reason: str
    precision: Precision


def rules_for(user: User) -> list[RuleRow]:
    """Return every rule with its precision. Two queries."""
    switches = {one.rule: one for one in SignalSwitch.objects.visible_to(user)}
    figures = precision()
    return [
        RuleRow(
            str(rule),
            str(name),
            rule not in switches or switches[rule].is_on,
            switches[rule].reason if rule in switches else "",
            figures.get(rule, Precision(0, 0, 0)),
        )
        for rule, name in RULE_CHOICES
    ]
