"""The month, played through the actions in the order it happened."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from assurance.accounts.models import Organisation
from assurance.badges import actions as badges
from assurance.calendar import SHANGHAI
from assurance.catalog.tasks import follow_stock
from assurance.enrollment import actions as enrolments
from assurance.enrollment.queries import agreement_in_force
from assurance.enrollment.reasons import Reason
from assurance.events import actions as events
from assurance.events.models import Event
from assurance.events.worker import run_job
from assurance.gates.actions import open_stop
from assurance.products.models import Category
from assurance.qualification.actions import warn_of_ends
from demo import aftermath, shelves
from demo.certificates import show as show_certificates
from demo.claims import say
from demo.goods import GOODS, Goods
from demo.papers import hand_in
from demo.people import let_everybody_in
from demo.sales import sell
from demo.shipments import SHIPMENTS, Load, Shipment
from logistics.tracking.actions import report_pickup_shares
from qc.checks.checkpoints import in_order
from qc.inspections import actions as inspections
from qc.inspections.actions import FoundUnit
from qc.inspections.models import Inspection
from warehouse.inbound import actions as inbound
from warehouse.inbound.actions import AnnouncedLine
from warehouse.stock.actions import queue_ending_lots
from warehouse.stock.tasks import report_sellable

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.enrollment.models import Enrolment
    from warehouse.inbound.models import ShipmentNotice

ENROLLED_DAYS_AGO: Final = 40
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Stage:
    """Who is there, and what day it is."""

    now: datetime
    people: dict[str, User]

    @property
    def today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    def ago(self, days: float) -> datetime:
        """Return a working moment so many days ago: ten in the morning and the fraction of a day after it."""
        whole = int(days)
        morning = datetime.combine(self.today - timedelta(days=whole), datetime.min.time(), SHANGHAI) + 10 * HOUR
        return min(morning + timedelta(days=days - whole), self.now)


def play(*, now: datetime) -> Stage:
    """Load the whole month. Everything is written by the actions that pages and API call."""
    stage = Stage(now, let_everybody_in(at=now - timedelta(days=60)))
    accept_agreement(stage)
    hand_in(stage, at=stage.ago(ENROLLED_DAYS_AGO + 2))
    shelves.set_rules(stage)
    for goods in GOODS:
        enrol(stage, goods)
    for shipment in SHIPMENTS:
        ship(stage, shipment)
    work_off_jobs()
    shelves.put_away(stage)
    shelves.offer_times(stage)
    shelves.find_differences(stage)
    sell(stage)
    shelves.count(stage)
    aftermath.sample_lots(stage)
    aftermath.complain(stage)
    aftermath.send_back(stage)
    aftermath.bill(stage)
    settle()
    aftermath.choose(stage)
    work_off_jobs()
    return stage


def settle() -> None:
    """Do what the schedules would do in the first minutes: jobs, stock as a fact, the catalogue after it, what is near its end."""
    work_off_jobs()
    report_sellable()
    follow_stock()
    report_pickup_shares(as_of=timezone.now(), at=timezone.now())
    warn_of_ends(at=timezone.now())
    queue_ending_lots(at=timezone.now())


def accept_agreement(stage: Stage) -> None:
    """Let one person of every merchant accept the agreement, on the day before the first product."""
    if (agreement := agreement_in_force()) is None:
        raise RuntimeError("load the reference data first: no agreement is in force")
    for name in dict.fromkeys(goods.seller for goods in GOODS):
        seller = stage.people[name]
        signing = enrolments.Signing(agreement.sha256, seller.name)
        enrolments.accept_agreement(signing=signing, actor=seller, at=stage.ago(ENROLLED_DAYS_AGO + 1))


def values_of(goods: Goods) -> dict[str, Any]:
    """Return the product's fields; an operator neither sees nor sets costs."""
    values = {
        "sku": goods.sku,
        "name": goods.name,
        "name_en": goods.name_en,
        "category": Category.objects.get(code=goods.category),
        "gtin": goods.gtin,
        "specification": goods.specification,
        "attributes": goods.attributes,
        "shelf_life_days": goods.life,
        "net_weight_g": goods.grams,
        "price": Decimal(goods.price),
        "commission_rate": Decimal(goods.commission),
    }
    if goods.cost and goods.seller != "operator":
        values["cost"] = Decimal(goods.cost)
    return values


def enrol(stage: Stage, goods: Goods) -> Enrolment:
    """Enter a product and bring its enrolment as far as it got."""
    recent = goods.outcome in ("submitted", "draft", "claimed")
    at = stage.ago(1.2 if recent else ENROLLED_DAYS_AGO)
    seller, reviewer = stage.people[goods.seller], stage.people["reviewer"]
    enrolment = enrolments.begin(values=values_of(goods), picture=None, submitting=False, actor=seller, at=at)
    say(stage, enrolment.product, actor=seller, at=at)
    show_certificates(stage, enrolment.product, actor=seller, at=at)
    if goods.outcome != "draft":
        enrolments.submit(enrolment_id=enrolment.pk, actor=seller, at=at)
    if goods.outcome in ("draft", "submitted"):
        return enrolment
    enrolments.claim(enrolment_id=enrolment.pk, actor=reviewer, at=at + HOUR)
    decided = at + 3 * HOUR
    if goods.outcome == "approved":
        enrolments.approve(enrolment_id=enrolment.pk, actor=reviewer, at=decided)
    elif goods.outcome == "returned":
        reasons = [
            Reason("attributes.registration", "contradiction", "备案号少了后六位，与国家药监局备案信息对不上"),
            Reason("attributes.ingredients", "not_proven", "成分表里没有色素，请照包装补全"),
        ]
        enrolments.return_for_changes(enrolment_id=enrolment.pk, reasons=reasons, actor=reviewer, at=decided)
    elif goods.outcome == "rejected":
        reasons = [Reason("name", "forbidden", "新生儿袜不在本期报名范围，请改报 6 个月以上规格")]
        enrolments.reject(enrolment_id=enrolment.pk, reasons=reasons, actor=reviewer, at=decided)
    return enrolment


def ship(stage: Stage, shipment: Shipment) -> None:
    """Announce a shipment and bring every lot of it as far as it got."""
    at = stage.ago(shipment.days_ago)
    notice = inbound.announce_shipment(
        actor=stage.people[shipment.seller],
        warehouse_id=Organisation.objects.get(code=shipment.warehouse).pk,
        reference=shipment.reference,
        expected_date=at.astimezone(SHANGHAI).date() + timedelta(days=2),
        lines=[announced(stage, load) for load in shipment.loads],
        at=at,
    )
    for number, load in enumerate(shipment.loads):
        if load.fate != "announced":
            bring_in(stage, notice, load, at=stage.ago(max(0.0, shipment.days_ago - 2) + 0.05 * number))


def announced(stage: Stage, load: Load) -> AnnouncedLine:
    from assurance.products.models import Product

    return AnnouncedLine(
        product_id=Product.objects.get(sku=load.sku).pk,
        lot_number=load.lot,
        quantity=load.units,
        produced_date=stage.today - timedelta(days=load.age),
        expiry_date=stage.today + timedelta(days=load.life) if load.life else None,
        cartons=-(-load.units // 24),
    )


def bring_in(stage: Stage, notice: ShipmentNotice, load: Load, *, at: datetime) -> None:
    """Receive a lot, then have it inspected."""
    line = announced(stage, load)
    received = inbound.receive(
        notice_id=notice.pk,
        code=load.sku,
        lot_number=load.lot,
        quantity=load.units * 5 // 8 if load.fate == "partly" else load.units,
        message=f"{notice.reference}/{load.lot}/1",
        actor=stage.people["warehouse"],
        at=at,
        produced_date=line.produced_date,
        expiry_date=line.expiry_date,
    )
    inspection = inspections.open_inspection(lot_id=received.receipt.lot_id, actor=None, at=at + timedelta(seconds=1))
    if load.fate in ("waiting", "partly"):
        return
    inspector = stage.people["inspector"]
    inspections.claim(inspection_id=inspection.pk, actor=inspector, at=at + HOUR)
    if inspection.points:
        answers = in_order(inspection.points, expiry=inspection.lot.expiry_date)
        inspections.answer_points(inspection_id=inspection.pk, answers=answers, actor=inspector, at=at + 2 * HOUR)
    units = found_units(inspection, load)
    if load.fate == "half":
        units = units[: len(units) * 2 // 3]
    inspections.record_units(inspection_id=inspection.pk, units=units, actor=inspector, at=at + 3 * HOUR)
    if load.fate in ("released", "suspended"):
        give_badge(inspection, at=at + 3 * HOUR)
    if load.fate == "suspended":
        suspend(stage, inspection)


def found_units(inspection: Inspection, load: Load) -> list[FoundUnit]:
    """Return the sample as it was found: the defects stand at every eleventh unit."""
    defects = {}
    places = iter(range(7, 10_000, 11))
    for code, times in load.defects:
        for _ in range(times):
            defects[next(places)] = code
    return [
        FoundUnit(number=number, is_conforming=number not in defects, defects=(defects[number],) if number in defects else ())
        for number in range(1, inspection.sample_size + 1)
    ]


def give_badge(inspection: Inspection, *, at: datetime) -> None:
    """Issue the badge of a release at the time of the release; the job that follows the event then finds it done."""
    released = Event.objects.filter(kind="qc.lot.released", ids__inspection_id=inspection.pk).get()
    with suppress(badges.LabResultMissing):  # it comes with the laboratory's pass
        badges.issue(clearance_id=released.ids["clearance_id"], evidence_entry_id=released.ids["evidence_entry_id"], at=at)


def suspend(stage: Stage, inspection: Inspection) -> None:
    """Stop a lot that buyers complained about."""
    open_stop(
        merchant_id=inspection.merchant_id,
        product_id=inspection.product_id,
        lot_id=inspection.lot_id,
        code="complaints",
        because="三天内有 6 位买家反映有哈喇味，复检中",
        actor=stage.people["lead"],
        at=stage.ago(1),
    )


def work_off_jobs() -> None:
    """Do at once what relay and worker would do in the first minute, so that nobody opens half a month."""
    while leased := events.lease_due_jobs(at=timezone.now(), most=200):
        for one in leased:
            run_job(one.job_id, one.attempt)
