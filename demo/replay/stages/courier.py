"""The parcels travel: booked with a courier, handed over, told of by the courier's events."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from demo.replay.cast import PROVINCE, SERVICE, SOURCE
from demo.replay.plan import LARGE, Stage
from demo.replay.stages.orders import in_time, parcels_of
from logistics.couriers.actions import add_service, set_origin
from logistics.couriers.models import CourierService
from logistics.dispatch.actions import Booking, Handing, choose_and_book, hand_over
from logistics.dispatch.models import Waybill
from logistics.tracking.actions import Happening, record_events
from warehouse.orders.lifecycle import ParcelState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.replay.folder import CourierEvent, Order
    from demo.replay.plan import Play

BEGINNING: Final = date(2016, 1, 1)


def offer_service(play: Play, _items: Sequence[object]) -> None:
    """Say where the warehouse stands, and let the replay's courier offer its service; once."""
    set_origin(warehouse_id=play.cast.warehouse.pk, province=PROVINCE, actor=play.cast.admin, at=play.at)
    if CourierService.objects.filter(code=SERVICE).exists():
        return
    add_service(
        courier_id=play.cast.courier.organisation_id,
        code=SERVICE,
        name="迅和标快",
        name_en="Xunhe standard",
        company_code="zhongtong",
        valid_from=min(BEGINNING, play.begins_at.date()),
        actor=play.cast.admin,
        at=play.at,
    )


def book(play: Play, wanted: Sequence[Order]) -> None:
    """Choose a courier for every checked parcel that has no waybill."""
    parcels = parcels_of(wanted, ParcelState.CHECKED)
    booked = set(Waybill.objects.filter(parcel_id__in=parcels).values_list("parcel_id", flat=True))
    moments = in_time(parcels, {order.number: play.course(order).booked for order in wanted})
    items = [Booking(pk, at=at) for pk, at in moments if pk not in booked]
    if items:
        choose_and_book(items, actor=play.cast.packer, at=play.at)


def give(play: Play, wanted: Sequence[Order]) -> None:
    """Hand the checked parcels over."""
    parcels = parcels_of(wanted, ParcelState.CHECKED)
    moments = in_time(parcels, {order.number: play.course(order).handed_over for order in wanted})
    if moments:
        hand_over([Handing(pk, at=at) for pk, at in moments], actor=play.cast.packer, at=play.at)


def track(play: Play, events: Sequence[CourierEvent]) -> None:
    """Record the courier's events on every parcel of their order; what is known already is known."""
    waybills: dict[str, list[int]] = defaultdict(list)
    found = Waybill.objects.filter(parcel__order__source=SOURCE, parcel__order__number__in={event.order_no for event in events})
    for number, pk in found.order_by("pk").values_list("parcel__order__number", "pk"):
        waybills[number].append(pk)
    items = [
        Happening(
            waybill_id=pk,
            key=f"{event.state}/{event.occurred_at:%Y%m%dT%H%M%S}",
            status=event.state,
            occurred_at=event.occurred_at,
            at=event.occurred_at,
        )
        for event in events
        for pk in waybills[event.order_no]
    ]
    if items:
        record_events(items, source=SOURCE, actor=play.cast.courier, at=play.at)


def events_in_time(play: Play) -> list[CourierEvent]:
    return sorted(play.folder.events, key=lambda event: (event.occurred_at, event.order_no))


COURIER: Final = (
    Stage("service", _("The courier's service"), lambda _play: [None], offer_service),
    Stage("booked", _("Couriers chosen"), lambda play: play.handed_over, book, size=500),
    Stage("handed_over", _("Parcels handed over"), lambda play: play.handed_over, give, size=500),
    Stage("tracked", _("Courier events"), events_in_time, track, size=LARGE),
)
