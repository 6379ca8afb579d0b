"""Goods on their way through the house, made through the same actions as on the pages. Built on the cast's moment NOON."""

from __future__ import annotations

import itertools
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.enrollment.queries import acceptance_of
from assurance.products.content import FIELDS
from assurance.products.lifecycle import VersionState
from assurance.products.models import Category, CategoryVersion, Product
from assurance.reference import newest
from assurance.roles import Kind, Role
from qc.checks.actions import load_checklists
from qc.inspections import actions as qc
from qc.inspections.actions import FoundUnit
from qc.inspections.models import ClassSeverity, SeveritySwitch
from tests import enrolments, factories, product_files
from tests.factories import NOON
from warehouse.inbound import actions as inbound
from warehouse.inbound.actions import AnnouncedLine
from warehouse.inbound.lifecycle import Kind as Differing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assurance.accounts.models import Organisation, User
    from qc.inspections.models import Inspection
    from warehouse.inbound.models import Discrepancy, ShipmentNotice, Slot
    from warehouse.stock.models import Lot

TODAY = date(2026, 11, 20)
MADE = date(2026, 11, 5)
EXPIRES = date(2029, 11, 4)
_number = itertools.count(1)


def category(code: str = "skincare", **given: Any) -> Category:
    top, _ = Category.objects.get_or_create(code="cosmetics", defaults={"name_zh": "化妆品", "name_en": "Cosmetics"})
    values = {"name_zh": "护肤", "name_en": "Skin care", "parent": top, "risk_reason_zh": "无", "risk_reason_en": "None"} | given
    made, is_new = Category.objects.get_or_create(code=code, defaults={"version": "t"} | values)
    if is_new:
        version_of(made)
    return made


def version_of(category: Category, **given: Any) -> CategoryVersion:
    """Let what a category says be its first version, in force since ever."""
    said = {name: getattr(category, name) for name in FIELDS} | {"state": VersionState.ACTIVE, "accepted_count": 0}
    moments = dict.fromkeys(("drafted_at", "changed_at", "activated_at"), NOON)
    values = {"number": 1, "label": category.version, "effective_from": date(2016, 1, 1)} | said | moments
    return CategoryVersion.objects.create(category=category, **values | given)


def gtin(number: int) -> str:
    """Return a GTIN of its own for every number: two products with one are told apart by nobody at the bench."""
    body = f"695{number:09}"
    return body + str(-sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10)


def product(merchant: Organisation, **given: Any) -> Product:
    """Return a product without an enrolment."""
    n = next(_number)
    person = merchant.people.order_by("id").first() or factories.user(Role.MERCHANT_OWNER, merchant)
    values = {
        "sku": f"HJ-{n:03}",
        "name": "氨基酸洁面乳",
        "name_en": "Amino acid cleanser",
        "gtin": gtin(n),
        "price": "59.90",
        "created_by": person,
        "created_at": NOON,
        "updated_at": NOON,
    } | given
    return Product.objects.create(merchant=merchant, category=values.pop("category", None) or category(), **values)


def enrol(product: Product, **given: Any) -> Enrolment:
    """Approve a product as it stands; who decided is nobody of the cast. What is only submitted was submitted under the agreement."""
    if given.get("state") == EnrolmentState.SUBMITTED:
        enrolments.accept(product.created_by)
        given["acceptance"] = acceptance_of(product.merchant_id)
    decider = factories.user(Role.ENROLMENT_REVIEWER, factories.organisation(Kind.PLATFORM))
    values = {
        "state": EnrolmentState.APPROVED,
        "created_by": product.created_by,
        "created_at": NOON,
        "submitted_by": product.created_by,
        "submitted_at": NOON,
        "due_at": NOON,
        "decided_by": decider,
        "decided_at": NOON,
        "valid_until": NOON + timedelta(days=365),
    } | given
    return Enrolment.objects.create(product=product, merchant_id=product.merchant_id, **values)


def enrolled(merchant: Organisation, **given: Any) -> Product:
    found = product(merchant, **given)
    enrol(found)
    return found


def line(product: Product, *, lot: str = "HJ261105B", quantity: int = 1000, **given: Any) -> AnnouncedLine:
    values = {"produced_date": MADE, "expiry_date": EXPIRES} | given
    return AnnouncedLine(product_id=product.pk, lot_number=lot, quantity=quantity, **values)


def announced(actor: User, warehouse: Organisation, *lines: AnnouncedLine, **given: Any) -> ShipmentNotice:
    values = {"reference": f"PO-{next(_number):05}", "expected_date": TODAY, "at": NOON} | given
    return inbound.announce_shipment(actor=actor, warehouse_id=warehouse.pk, lines=lines, **values)


def receive(notice: ShipmentNotice, actor: User, **given: Any) -> inbound.Received:
    """Take the first line of a notice in, all of it unless said otherwise."""
    first = notice.lines.select_related("product").order_by("id")[0]
    values = {
        "code": first.product.gtin,
        "lot_number": first.lot_number,
        "quantity": first.quantity,
        "produced_date": first.produced_date,
        "expiry_date": first.expiry_date,
        "message": f"scan-{next(_number)}",
        "at": NOON,
    } | given
    return inbound.receive(notice_id=notice.pk, actor=actor, **values)


NOTICE_HEAD = (
    "reference",
    "warehouse",
    "expected_date",
    "sku",
    "lot_number",
    "produced_date",
    "expiry_date",
    "quantity",
    "cartons",
    "is_gift",
)


def notice_file(*rows: Sequence[object], head: Sequence[str] = NOTICE_HEAD) -> bytes:
    """Return a CSV file of shipment notices."""
    return product_files.as_csv(rows, head=head)


def slots(actor: User, *, capacity: int = 1, **given: Any) -> list[Slot]:
    """Open slots of an hour at the gate of the actor's warehouse."""
    values = {"first_day": TODAY, "last_day": TODAY, "begins": time(14), "ends": time(17), "minutes": 60, "at": NOON} | given
    return inbound.open_slots(capacity=capacity, actor=actor, **values)


def damaged(notice: ShipmentNotice, actor: User, **given: Any) -> Discrepancy:
    """Put some units of the first line of a notice aside as damaged."""
    first = notice.lines.select_related("product").order_by("id")[0]
    values = {"code": first.product.gtin, "lot_number": first.lot_number, "quantity": 3, "message": f"scan-{next(_number)}", "at": NOON}
    return inbound.report(notice_id=notice.pk, kind=Differing.DAMAGED, actor=actor, **values | given)


def lot(amal: User, wei: User, *, quantity: int = 1000, **given: Any) -> Lot:
    """Return a lot of Amal's that Wei has just received."""
    goods = given.pop("product", None) or enrolled(amal.organisation)
    notice = announced(amal, wei.organisation, line(goods, quantity=quantity, **given))
    return receive(notice, wei).receipt.lot


def catalogue() -> str:
    """Load the shipped catalogue of defects, and a list that asks nothing of a lot; return the catalogue's version."""
    data = newest("defects")
    qc.load_defects(data=data, at=NOON)
    ask()
    return str(data["version"])


def ask(*points: dict[str, Any], version: str = "t", **given: Any) -> None:
    """Let an inbound checklist of these points be in force; of all goods unless a category or product is named."""
    told = {"stage": "inbound", "from_date": "2016-01-01", "checkpoints": list(points)} | given
    load_checklists(data={"version": version, "checklists": [told]}, at=NOON)


def inspection(amal: User, wei: User, *, quantity: int = 1000, **given: Any) -> Inspection:
    """Return the open inspection of a lot that Wei has just received."""
    catalogue()
    return qc.open_inspection(lot_id=lot(amal, wei, quantity=quantity, **given).pk, actor=None, at=NOON)


def record(inspection: Inspection, actor: User, numbers: Iterable[int], *defects: str) -> qc.Recorded:
    """Record units as found: all with these defects, or all conforming."""
    units = [FoundUnit(number, is_conforming=not defects, defects=defects) for number in numbers]
    return qc.record_units(inspection_id=inspection.pk, units=units, actor=actor, at=NOON)


def accepted(amal: User, wei: User, bo: User, **given: Any) -> Inspection:
    """Return an inspection that Bo has brought to an accepting verdict."""
    found = inspection(amal, wei, **given)
    qc.claim(inspection_id=found.pk, actor=bo, at=NOON)
    return record(found, bo, range(1, found.sample_size + 1)).inspection


def put_severity(product: Product, severity: str, actor: User, **standing: Any) -> None:
    """Bring both classes of a product to a severity, as if somebody had decided so; only for what cannot wait for dozens of lots."""
    for row in ClassSeverity.objects.filter(product=product).exclude(severity=severity):
        before, row.severity, row.switches = row.severity, severity, row.switches + 1
        score = 0 if severity == "normal" else None
        row.standing |= {"severity": severity, "score": score, "outcomes": [], "scored": []} | standing
        sides = {"merchant_id": row.merchant_id, "warehouse_id": row.warehouse_id}
        because = {"message": "Inspection starts at normal.", "params": {}}
        SeveritySwitch.objects.create(
            of=row, number=row.switches, before=before, after=severity, because=because, decided_by=actor, switched_at=NOON, **sides
        )
        row.save(update_fields=["severity", "switches", "standing"])
