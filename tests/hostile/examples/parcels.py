"""Examples for couriers, waybills and their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assurance.accounts.models import User
from assurance.roles import Kind, Role
from logistics.dispatch.models import Waybill
from tests import factories, waybills
from tests.hostile.examples.example import Example, number, somebody
from warehouse.orders.models import Parcel

BANDS = [
    {"zone": zone, "first_weight_g": 1000, "first_fee": "5.00", "step_weight_g": 1000, "step_fee": "2.00", "days": 3}
    for zone in ("local", "near", "middle", "far", "remote")
]


def new_service() -> Example:
    body = {
        "courier": factories.organisation(Kind.COURIER).code,
        "code": f"svc-{number()}",
        "name": "顺达经济件",
        "name_en": "Shunda economy",
        "company_code": "yunda",
        "adapter": "simulated",
        "provinces": ["33"],
        "certified_until": "2027-01-01",
        "valid_from": "2026-01-01",
        "bands": BANDS,
    }
    return Example(somebody(Role.PLATFORM_ADMIN), body, shared=frozenset({"courier"}), status=201)


def of_service(**body: Any) -> Example:
    return Example(somebody(Role.PLATFORM_ADMIN), body, path={"pk": waybills.service().pk})


def quote() -> Example:
    waybills.service()
    return Example(somebody(Role.MERCHANT_OWNER), {"origin": "浙江省", "destination": "32", "weight_g": 1500})


def sides() -> tuple[User, User]:
    """Return a merchant and a warehouse that stands somewhere."""
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    waybills.stands_in(wei.organisation)
    waybills.service()
    return amal, wei


def parcels() -> tuple[User, list[Parcel]]:
    amal, wei = sides()
    return wei, waybills.checked(amal, wei, waybills.product(amal, wei))


def book() -> Example:
    wei, [parcel] = parcels()
    _, [foreign] = parcels()
    body = {"parcels": [parcel.pk], "rule": "cheapest", "service": ""}
    return Example(wei, body, foreign={"parcels": [parcel.pk, foreign.pk]})


def booked() -> tuple[User, Waybill]:
    wei, found = parcels()
    return wei, waybills.booked(wei, found)[0]


def hand_over() -> Example:
    wei, waybill = booked()
    _, foreign = booked()
    return Example(wei, {"parcels": [waybill.parcel_id]}, foreign={"parcels": [waybill.parcel_id, foreign.parcel_id]})


def of_waybill(**body: Any) -> Example:
    wei, waybill = booked()
    return Example(wei, body, path={"pk": waybill.pk})


def tell() -> Example:
    _, waybill = booked()
    agent = factories.user(Role.COURIER_AGENT, waybill.courier)
    event = {
        "number": waybill.number,
        "key": "1",
        "status": "problem",
        "occurred_at": "2026-11-20T12:00:00+08:00",
        "reason": "damaged",
        "place": "杭州",
    }
    return Example(agent, {"events": [event]})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:courier-service-list": new_service,
    "GET api:courier-service-detail": of_service,
    "POST api:courier-service-terms": lambda: of_service(provinces=["33"], certified_until="2027-01-01", is_active=True),
    "POST api:courier-service-set-prices": lambda: of_service(name="next", valid_from="2027-01-01", bands=BANDS),
    "POST api:courier-service-quote": quote,
    "POST api:waybill-list": book,
    "GET api:waybill-detail": of_waybill,
    "POST api:waybill-hand-over": hand_over,
    "POST api:waybill-label": of_waybill,
    "POST api:waybill-cancel": lambda: of_waybill(reason="wrong service"),
    "POST api:courier-event-list": tell,
}
