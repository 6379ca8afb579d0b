"""Choose a courier for each parcel, say why, and book a waybill: once per attempt, however often it is asked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Max

from assurance.calendar import SHANGHAI
from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change, first
from logistics.couriers.adapters import adapter
from logistics.couriers.adapters.interface import Booked, Declined, Order
from logistics.couriers.billing import weigh
from logistics.couriers.choosing import Rule, choose
from logistics.couriers.models import Origin
from logistics.couriers.queries import market
from logistics.couriers.zones import PROVINCES, UnknownProvince, province_code
from logistics.dispatch.actions.refusing import NoCourier, NoOrigin, NoSuchService, OtherWarehouse, ParcelNotReady, check_once, ids_of
from logistics.dispatch.lifecycle import WaybillState
from logistics.dispatch.models import Waybill
from warehouse.orders.actions import lock_parcels
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Parcel, Recipient

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from logistics.couriers.adapters.interface import Answer
    from logistics.couriers.billing import Weight
    from logistics.couriers.choosing import Candidate
    from logistics.couriers.models import CourierService
    from logistics.couriers.queries import Fit, Market

PICK_UP_WITHIN: Final = timedelta(hours=24)
"""After payment; the marketplaces' rule."""
READY: Final = (ParcelState.PACKED, ParcelState.CHECKED)
SHOWN: Final = ("parcel_id", "attempt", "service_id", "zone", "billed_weight_g", "rule", "promised_delivery_date")
"""What the trail tells; not why: merchants read it, and the reason names prices."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A parcel to send and the rule that chooses. ``service_code`` names the service under the rule ``fixed``."""

    parcel_id: int
    rule: str = Rule.CHEAPEST
    service_code: str = ""
    at: datetime | None = None


def choose_and_book(items: Sequence[Booking], *, actor: User, at: datetime) -> list[Waybill]:
    """Return the waybill of each parcel, in order: the one it has, or a new one. Constant number of queries.

    What a courier did not answer stays ``requested`` and is asked for again under the same key at the next call.

    :raises OtherWarehouse, ParcelNotReady, NoOrigin, NoCourier, NoSuchService, TwiceInOneSet: nothing is kept of the whole set
    """
    waybills = _request(items, actor=actor, at=at)
    asked = [waybill for waybill in waybills if waybill.state == WaybillState.REQUESTED]
    if asked:
        moments = {item.parcel_id: item.at or at for item in items}
        _settle(asked, _ask(asked), moments, actor=actor)
    return waybills


@transaction.atomic
def _request(items: Sequence[Booking], *, actor: User, at: datetime) -> list[Waybill]:
    """Write down what is going to be asked, before anybody is asked."""
    ids = [item.parcel_id for item in items]
    check_once(ids)
    lock_parcels(ids)
    parcels = Parcel.objects.select_related("order").in_bulk(ids)
    live = {one.parcel_id: one for one in Waybill.objects.live().select_related("service").filter(parcel_id__in=ids)}
    new = [(place, item) for place, item in enumerate(items) if item.parcel_id not in live]
    for place, item in enumerate(items):
        _check(parcels[item.parcel_id], actor, place, is_new=item.parcel_id not in live)
    made = _choose_all(new, parcels, actor=actor, at=at) if new else []
    Waybill.objects.bulk_create(made)
    announce_each([News("logistics.waybill.requested", one, first(one, *SHOWN), one.requested_at, actor, ids_of(one)) for one in made])
    standing = live | {one.parcel_id: one for one in made}
    return [standing[parcel_id] for parcel_id in ids]


def _check(parcel: Parcel, actor: User, place: int, *, is_new: bool) -> None:
    if parcel.warehouse_id != actor.organisation_id:
        raise OtherWarehouse(field=f"items.{place}", parcel=parcel.code)
    if is_new and parcel.state not in READY:
        raise ParcelNotReady(field=f"items.{place}", parcel=parcel.code, state=parcel.get_state_display())


def _choose_all(new: Sequence[tuple[int, Booking]], parcels: dict[int, Parcel], *, actor: User, at: datetime) -> list[Waybill]:
    origin = Origin.objects.filter(warehouse_id=actor.organisation_id).first()
    if origin is None:
        raise NoOrigin
    ids = [item.parcel_id for _place, item in new]
    orders = {parcels[pk].order_id for pk in ids}
    places = dict(Recipient.objects.filter(order_id__in=orders).values_list("order_id", "province"))
    attempts = dict(Waybill.objects.filter(parcel_id__in=ids).order_by().values_list("parcel_id").annotate(last=Max("attempt")))
    offers = market()
    return [
        _waybill(
            parcels[item.parcel_id],
            item,
            origin=origin.province,
            destination=_province(places.get(parcels[item.parcel_id].order_id, ""), parcels[item.parcel_id], place),
            offers=offers,
            attempt=attempts.get(item.parcel_id, 0) + 1,
            place=place,
            actor=actor,
            at=item.at or at,
        )
        for place, item in new
    ]


def _province(written: str, parcel: Parcel, place: int) -> str:
    try:
        return province_code(written)
    except UnknownProvince:
        raise NoCourier(field=f"items.{place}", parcel=parcel.code, province=written or "–") from None


def _waybill(
    parcel: Parcel,
    item: Booking,
    *,
    origin: str,
    destination: str,
    offers: Market,
    attempt: int,
    place: int,
    actor: User,
    at: datetime,
) -> Waybill:
    weight = weight_of(parcel)
    fit = offers.fit(origin=origin, destination=destination, billed_g=weight.billed_g, day=at.astimezone(SHANGHAI).date())
    candidates = _allowed(item, fit, offers.by_code(), place)
    if not candidates:
        raise NoCourier(field=f"items.{place}", parcel=parcel.code, province=PROVINCES[destination])
    choice = choose(candidates, rule=Rule(item.rule))
    service = offers.by_code()[choice.chosen.code]
    others = [one for one in fit.candidates if one not in choice.others and one != choice.chosen]
    return Waybill(
        parcel=parcel,
        attempt=attempt,
        merchant_id=parcel.merchant_id,
        warehouse_id=parcel.warehouse_id,
        courier_id=service.courier_id,
        service=service,
        request_key=f"parcel:{parcel.pk}:{attempt}",
        origin_province=origin,
        destination_province=destination,
        zone=fit.zone,
        actual_weight_g=weight.actual_g,
        volumetric_weight_g=weight.volumetric_g,
        billed_weight_g=weight.billed_g,
        fee=choice.chosen.fee,
        rule=item.rule,
        because=choice.because,
        alternatives={"chosen": choice.chosen.told(), "others": [one.told() for one in (*choice.others, *others)], "unfit": fit.unfit},
        paid_at=parcel.order.paid_at,
        promised_pickup_at=parcel.order.paid_at + PICK_UP_WITHIN,
        promised_delivery_date=parcel.order.promised_at.astimezone(SHANGHAI).date(),
        promised_days=choice.chosen.days,
        requested_by=actor,
        requested_at=at,
    )


def weight_of(parcel: Parcel) -> Weight:
    """Return what a parcel weighs; where nobody put it on the scale, what its goods should weigh."""
    return weigh(
        weight_g=parcel.measured_weight_g or parcel.estimated_weight_g,
        length_mm=parcel.length_mm,
        width_mm=parcel.width_mm,
        height_mm=parcel.height_mm,
    )


def _allowed(item: Booking, fit: Fit, services: dict[str, CourierService], place: int) -> list[Candidate]:
    if item.rule != Rule.FIXED:
        return fit.candidates
    if item.service_code not in services:
        raise NoSuchService(field=f"items.{place}.service", given=item.service_code)
    return [one for one in fit.candidates if one.code == item.service_code]


def _ask(waybills: Sequence[Waybill]) -> dict[str, Answer]:
    """Ask each courier once for all of his. No lock is held beyond the caller's transaction.

    :raises NetworkInTransaction: for a courier beyond the network, if a transaction is open
    """
    answers: dict[str, Answer] = {}
    by_adapter: dict[str, list[Waybill]] = defaultdict(list)
    for waybill in waybills:
        by_adapter[waybill.service.adapter].append(waybill)
    for name, theirs in by_adapter.items():
        orders = [Order(one.request_key, one.billed_weight_g, one.origin_province, one.destination_province) for one in theirs]
        answers |= {answer.key: answer for answer in adapter(name).book(orders)}
    return answers


@transaction.atomic
def _settle(waybills: Sequence[Waybill], answers: dict[str, Answer], moments: dict[int, datetime], *, actor: User) -> None:
    """Write down what the couriers answered. Whoever asked at the same time has the same number, because he had the same key."""
    held = Waybill.objects.select_for_update().order_by("pk").in_bulk([waybill.pk for waybill in waybills])
    news: list[News] = []
    changed: list[Waybill] = []
    for waybill in waybills:
        answer, at = answers.get(waybill.request_key), moments[waybill.parcel_id]
        if held[waybill.pk].state != WaybillState.REQUESTED:
            waybill.state, waybill.number = held[waybill.pk].state, held[waybill.pk].number
        elif isinstance(answer, Booked):
            changed.append(waybill)
            changes = change(waybill, state=WaybillState.CREATED, number=answer.number, booked_at=at)
            news.append(News("logistics.waybill.created", waybill, changes, at, actor, ids_of(waybill)))
        elif isinstance(answer, Declined):
            changes = change(waybill, state=WaybillState.REFUSED, close_reason=answer.because)
            news.append(News("logistics.waybill.refused", waybill, changes, at, actor, ids_of(waybill)))
            changed.append(waybill)
    update_each(changed, ["state", "number", "booked_at", "close_reason"])
    announce_each(news)
