"""Parcels with couriers, made through the same actions as on the pages. Built on the cast's moment NOON."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING, Any

from assurance.roles import Kind, Role
from logistics.couriers import actions as couriers
from logistics.couriers.actions import EXAMPLE_PRICES
from logistics.dispatch import actions as dispatch
from logistics.dispatch.actions import Booking, Handing
from logistics.dispatch.models import Waybill
from logistics.tracking import actions as tracking
from logistics.tracking.actions import Happening
from tests import factories, orders
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import Organisation, User
    from assurance.products.models import Product
    from logistics.couriers.models import CourierService
    from warehouse.orders.models import Parcel

LONG_AGO = date(2016, 1, 1)
_number = itertools.count(1)


def admin() -> User:
    return factories.user(Role.PLATFORM_ADMIN, factories.organisation(Kind.PLATFORM))


def service(courier: Organisation | None = None, *, prices: str = "standard", **given: Any) -> CourierService:
    """Return a certified service of a courier."""
    n = next(_number)
    values = {"code": f"svc{n}", "name": f"快递{n}", "company_code": "zhongtong", "valid_from": LONG_AGO} | given
    carrier = courier or factories.organisation(Kind.COURIER)
    return couriers.add_service(courier_id=carrier.pk, prices=EXAMPLE_PRICES[prices], actor=admin(), at=NOON, **values)


def stands_in(warehouse: Organisation, province: str = "33") -> None:
    couriers.set_origin(warehouse_id=warehouse.pk, province=province, actor=admin(), at=NOON)


def product(amal: User, wei: User, *, quantity: int = 100) -> Product:
    """Return a product of which units stand released."""
    return orders.stocked(amal, wei, quantity=quantity).product


def checked(amal: User, wei: User, goods_of: Product, *, parcels: int = 1, **given: Any) -> list[Parcel]:
    """Return parcels of one unit each that passed their outbound check."""
    return orders.check_all(packed(amal, wei, goods_of, parcels=parcels, **given))


def packed(amal: User, wei: User, goods_of: Product, *, parcels: int = 1, **given: Any) -> list[Parcel]:
    return orders.pack_all([orders.picked(amal, wei, (goods_of, 1), **given) for _ in range(parcels)], wei)


def booked(wei: User, parcels: Sequence[Parcel], *, at: datetime = NOON, **given: Any) -> list[Waybill]:
    return dispatch.choose_and_book([Booking(parcel.pk, **given) for parcel in parcels], actor=wei, at=at)


def on_the_way(amal: User, wei: User, goods_of: Product | None = None, *, parcels: int = 1, **given: Any) -> list[Waybill]:
    """Return waybills of parcels that have left, with whatever service there is."""
    found = checked(amal, wei, goods_of or product(amal, wei), parcels=parcels, **given)
    made = booked(wei, found)
    dispatch.hand_over([Handing(parcel.pk) for parcel in found], actor=wei, at=NOON)
    return list(Waybill.objects.filter(pk__in=[one.pk for one in made]).order_by("pk"))


def happened(waybill: Waybill, status: str, at: datetime, **given: Any) -> Happening:
    values = {"key": f"{status}@{at.isoformat()}", "number": waybill.number} | given
    return Happening(status=status, occurred_at=at, **values)


def tell(agent: User | None, *events: Happening, at: datetime = NOON, source: str = "api") -> tracking.Recorded:
    return tracking.record_events(events, source=source, actor=agent, at=at)
