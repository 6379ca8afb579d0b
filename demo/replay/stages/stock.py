"""The goods come: announced, received, inspected, released – or held, where a lot fails."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from assurance.badges.actions import Release, issue_all
from assurance.products.models import Category
from demo.replay.cast import SOURCE
from demo.replay.categories import category_of
from demo.replay.plan import Stage
from demo.replay.stages.people import owners
from demo.replay.stages.products import SHELF_LIFE_DAYS, kept
from demo.replay.supply import lots_of
from qc.checks.checkpoints import in_order
from qc.inspections import actions as inspections
from qc.inspections.actions import AnsweredLot, Case, FoundSample, FoundUnit, Opening
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import Inspection
from warehouse.inbound import actions as inbound
from warehouse.inbound.actions import AnnouncedLine, Arrival, NewNotice
from warehouse.inbound.models import Receipt, ShipmentLine, ShipmentNotice
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from demo.replay.plan import Play
    from demo.replay.supply import LotPlan

FATAL: Final = "other-content"
UNDECIDED: Final = (InspectionState.OPEN, InspectionState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Notice:
    """What one merchant announced on one day."""

    merchant_code: str
    reference: str
    announced_at: datetime
    lots: tuple[LotPlan, ...]


def all_lots(play: Play) -> list[LotPlan]:
    """Return all lots in the order of their arrival."""
    perishable = set(Category.objects.filter(is_perishable=True).values_list("code", flat=True))
    lots = []
    for code, need in play.needs.items():
        lives = SHELF_LIFE_DAYS if category_of(play.folder.products[code].category) in perishable else None
        lots += lots_of(code, need, life_days=lives)
    return sorted(lots, key=lambda lot: (lot.received_at, lot.product_code, lot.number))


def notices(play: Play) -> list[Notice]:
    """Return the shipment notices: what a merchant announced on one day goes on one."""
    together: dict[tuple[str, str], list[LotPlan]] = defaultdict(list)
    for lot in all_lots(play):
        merchant = play.folder.products[lot.product_code].merchant_code
        together[merchant, f"{lot.announced_at:%y%m%d}"].append(lot)
    made = [Notice(merchant, f"R-{day}", max(lot.announced_at for lot in lots), tuple(lots)) for (merchant, day), lots in together.items()]
    return sorted(made, key=lambda notice: (notice.announced_at, notice.merchant_code))


def announce(play: Play, wanted: Sequence[Notice]) -> None:
    """Announce what is not announced yet."""
    people = owners(notice.merchant_code for notice in wanted)
    codes = {lot.product_code for notice in wanted for lot in notice.lots}
    products = kept(play.folder.products[code] for code in codes)
    there = set(ShipmentNotice.objects.filter(source=SOURCE).values_list("merchant_id", "reference"))
    warehouse = play.cast.warehouse
    items = [
        NewNotice(
            actor=people[notice.merchant_code],
            warehouse_id=warehouse.pk,
            reference=notice.reference,
            expected_date=max(lot.received_at for lot in notice.lots).date(),
            lines=[announced(lot, products[lot.product_code].pk) for lot in notice.lots],
            at=notice.announced_at,
            source=SOURCE,
        )
        for notice in wanted
        if (people[notice.merchant_code].organisation_id, notice.reference) not in there
    ]
    if items:
        inbound.announce_shipments(items)


def announced(lot: LotPlan, product_id: int) -> AnnouncedLine:
    return AnnouncedLine(product_id, lot.number, lot.quantity, lot.produced, lot.expiry, cartons=-(-lot.quantity // 24))


def receive(play: Play, lots: Sequence[LotPlan]) -> None:
    """Take in what has arrived and is not in yet."""
    receiver = play.cast.receiver
    there = set(Receipt.objects.filter(warehouse=play.cast.warehouse).values_list("message", flat=True))
    lines = ShipmentLine.objects.filter(notice__source=SOURCE, product__sku__in={lot.product_code for lot in lots})
    notice_of = {(sku, number): notice for sku, number, notice in lines.values_list("product__sku", "lot_number", "notice_id")}
    items = [
        Arrival(
            notice_id=notice_of[lot.product_code, lot.number],
            code=lot.product_code,
            lot_number=lot.number,
            quantity=lot.quantity,
            message=message_of(lot),
            produced_date=lot.produced,
            expiry_date=lot.expiry,
            at=lot.received_at,
        )
        for lot in lots
        if message_of(lot) not in there
    ]
    if items:
        inbound.receive_all(items, actor=receiver)


def message_of(lot: LotPlan) -> str:
    return f"{SOURCE}/{lot.product_code}/{lot.number}"


def answered(inspection: Inspection, at: datetime) -> AnsweredLot:
    """Return the checklist of a made-up inspection, everything in order."""
    return AnsweredLot(inspection.pk, in_order(inspection.points, expiry=inspection.lot.expiry_date), at)


def inspect(play: Play, plans: Sequence[LotPlan]) -> None:
    """Open, claim and record the inspections of lots that have none; the verdict follows from the units."""
    plan_of = {(plan.product_code, plan.number): plan for plan in plans}
    skus = {code for code, _number in plan_of}
    rows = Lot.objects.filter(source=SOURCE, product__sku__in=skus).values_list("pk", "product__sku", "number")
    lots = {pk: plan_of[code, number] for pk, code, number in rows if (code, number) in plan_of}
    done = set(Inspection.objects.filter(lot__in=lots).exclude(state__in=UNDECIDED).values_list("lot_id", flat=True))
    waiting = sorted((plan.inspected_at, pk) for pk, plan in lots.items() if pk not in done)
    if not waiting:
        return
    inspector = play.cast.inspector
    opened = inspections.open_all([Opening(pk, at=lots[pk].received_at, source=SOURCE) for _at, pk in waiting], actor=None)
    inspections.claim_all([Case(one.pk, at) for one, (at, _pk) in zip(opened, waiting, strict=True)], actor=inspector)
    released = Inspection.objects.filter(pk__in=[one.pk for one in opened], state=InspectionState.ACCEPTED).order_by("pk")
    inspections.answer_all([answered(one, at) for one, (at, _pk) in zip(opened, waiting, strict=True)], actor=inspector)
    samples = [FoundSample(one.pk, found_units(one, lots[pk]), at) for one, (at, pk) in zip(opened, waiting, strict=True)]
    inspections.record_all(samples, actor=inspector)
    proven = released.values_list("clearance_id", "evidence_entry_id")
    issue_all([Release(clearance, entry) for clearance, entry in proven if entry])


def found_units(inspection: Inspection, plan: LotPlan) -> list[FoundUnit]:
    """Return the sample as it was found: all right, or every unit wrong where the lot shall fail."""
    if plan.is_failing:
        return [FoundUnit(number=number, is_conforming=False, defects=(FATAL,)) for number in range(1, inspection.sample_size + 1)]
    return [FoundUnit(number=number, is_conforming=True) for number in range(1, inspection.sample_size + 1)]


STOCK: Final = (
    Stage("announced", _("Shipments announced"), notices, announce, size=300),
    Stage("received", _("Lots received"), all_lots, receive, size=500),
    Stage("inspected", _("Lots inspected"), all_lots, inspect, size=500),
)
