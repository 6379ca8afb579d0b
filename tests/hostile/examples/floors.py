"""Examples for shipments, lots and inspections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from assurance.accounts.models import User
from assurance.roles import Kind, Role
from qc.inspections import actions as inspecting
from tests import checks, factories, goods
from tests.hostile.examples.example import Example, number, somebody
from warehouse.inbound import actions as inbound
from warehouse.inbound.models import ShipmentNotice
from warehouse.stock.models import Lot


def announce() -> Example:
    owner, warehouse = somebody(Role.MERCHANT_OWNER), factories.organisation(Kind.WAREHOUSE)
    foreign = goods.enrolled(factories.organisation(Kind.MERCHANT))
    line = {
        "product": goods.enrolled(owner.organisation).pk,
        "lot_number": f"HJ{number()}",
        "produced_date": "2026-11-05",
        "expiry_date": "2029-11-04",
        "quantity": 1000,
        "cartons": 10,
    }
    body = {
        "warehouse": warehouse.code,
        "reference": f"PO-{number()}",
        "expected_date": (timezone.localdate() + timedelta(days=7)).isoformat(),
        "lines": [line],
    }
    return Example(owner, body, foreign={"lines.0.product": foreign.pk}, status=201)


def announced() -> tuple[User, User, ShipmentNotice]:
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    return amal, wei, goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation)))


def show_shipment() -> Example:
    amal, _, notice = announced()
    return Example(amal, path={"pk": notice.pk})


def receive() -> Example:
    _, wei, notice = announced()
    line = notice.lines.select_related("product").get()
    body = {
        "code": line.product.gtin,
        "lot_number": line.lot_number,
        "expiry_date": "2029-11-04",
        "produced_date": "2026-11-05",
        "quantity": 400,
        "message": f"scan-{number()}",
    }
    return Example(wei, body, path={"pk": notice.pk}, status=201)


def close() -> Example:
    _, wei, notice = announced()
    goods.receive(notice, wei, quantity=400)
    return Example(wei, {"reason": "600 are missing, the driver has signed"}, path={"pk": notice.pk})


def report() -> Example:
    _, wei, notice = announced()
    line = notice.lines.select_related("product").get()
    goods_named = {"code": line.product.gtin, "lot_number": line.lot_number, "quantity": 2}
    body = {"kind": "damaged", "note": "wet cartons", "message": f"scan-{number()}"} | goods_named
    return Example(wei, body, path={"pk": notice.pk}, status=201)


def book() -> Example:
    amal, wei, notice = announced()
    day = timezone.localdate() + timedelta(days=7)
    [slot, *_] = goods.slots(wei, capacity=9, first_day=day, last_day=day, at=timezone.now())
    return Example(amal, {"slot": slot.pk}, path={"pk": notice.pk}, shared=frozenset({"slot"}))


def give_up() -> Example:
    found = book()
    inbound.book_slot(notice_id=int(str(found.path["pk"])), slot_id=found.body["slot"], actor=found.user, at=timezone.now())
    return Example(found.user, path=found.path)


def notice_file() -> Example:
    owner, warehouse = somebody(Role.MERCHANT_OWNER), factories.organisation(Kind.WAREHOUSE)
    day = (timezone.localdate() + timedelta(days=7)).isoformat()
    row = (f"PO-{number()}", warehouse.code, day, goods.enrolled(owner.organisation).sku, "F-1", "2026-11-05", "2029-11-04", 5, 1, "")
    return Example(owner, files={"file": goods.notice_file(row)}, status=201)


def open_slots() -> Example:
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    body = {"first_day": day, "last_day": day, "begins": "08:00", "ends": "10:00", "minutes": 60, "capacity": 2}
    return Example(somebody(Role.WAREHOUSE_OPERATOR), body, status=201)


def discrepancy(**body: Any) -> Example:
    _, wei, notice = announced()
    return Example(wei, body, path={"pk": goods.damaged(notice, wei).pk})


def hand_over() -> Example:
    found = discrepancy()
    found.body["owner"] = factories.user(Role.WAREHOUSE_OPERATOR, found.user.organisation).pk
    found.foreign["owner"] = somebody(Role.WAREHOUSE_OPERATOR).pk
    return found


def lot() -> tuple[User, User, Lot]:
    amal, wei, notice = announced()
    return amal, wei, goods.receive(notice, wei).receipt.lot


def show_lot() -> Example:
    amal, _, found = lot()
    return Example(amal, path={"pk": found.pk})


def inspection(**body: Any) -> Example:
    """Return an inspection that waits, and an inspector of its warehouse."""
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    opened = goods.inspection(amal, wei)
    inspector = factories.user(Role.QC_INSPECTOR, wei.organisation)
    return Example(inspector, body, path={"pk": opened.pk})


def claimed(**body: Any) -> Example:
    found = inspection(**body)
    inspecting.claim(inspection_id=int(str(found.path["pk"])), actor=found.user, at=timezone.now())
    return found


def answer_points() -> Example:
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    product = goods.enrolled(amal.organisation)
    goods.ask({"code": "label", "kind": "yes_no", "zh": "标签", "en": "Label"}, version=f"h{number()}", product_id=product.pk)
    opened = goods.inspection(amal, wei, product=product)
    inspector = factories.user(Role.QC_INSPECTOR, wei.organisation)
    inspecting.claim(inspection_id=opened.pk, actor=inspector, at=timezone.now())
    body = {"answers": {"label": True}, "photos": [{"point": "label", "files": [checks.picture(inspector).pk]}], "note": "fine"}
    return Example(inspector, body, path={"pk": opened.pk}, foreign={"photos.0.files": [checks.picture(amal).pk]})


def record_units() -> Example:
    found = claimed()
    unit = {"number": 1, "is_conforming": False, "defects": ["deformed"], "liability": "courier", "photos": [checks.picture(found.user).pk]}
    return Example(found.user, {"units": [unit]}, path=found.path, foreign={"units.0.photos": [checks.picture(somebody(Role.QC_LEAD)).pk]})


def take_back() -> Example:
    found = claimed(number=1)
    units = [inspecting.FoundUnit(1, True, ())]
    inspecting.record_units(inspection_id=int(str(found.path["pk"])), units=units, actor=found.user, at=timezone.now())
    return found


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:shipment-list": announce,
    "GET api:shipment-detail": show_shipment,
    "POST api:shipment-cancel": show_shipment,
    "POST api:shipment-receive": receive,
    "POST api:shipment-close": close,
    "POST api:shipment-report": report,
    "POST api:shipment-book-slot": book,
    "POST api:shipment-give-up-slot": give_up,
    "POST api:slot-list": open_slots,
    "POST api:shipment-file": notice_file,
    "GET api:discrepancy-detail": discrepancy,
    "POST api:discrepancy-settle": lambda: discrepancy(resolution="sent_back", note="taken along"),
    "POST api:discrepancy-hand-over": hand_over,
    "GET api:lot-detail": show_lot,
    "GET api:inspection-detail": inspection,
    "POST api:inspection-claim": inspection,
    "POST api:inspection-give-back": claimed,
    "POST api:inspection-record-units": record_units,
    "POST api:inspection-answer-points": answer_points,
    "POST api:inspection-take-back-unit": take_back,
}
