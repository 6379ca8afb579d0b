"""The orders run through the warehouse, each on its own times: taken, allocated or called off, picked, packed, checked."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.products.models import Product
from demo.replay.cast import SOURCE
from demo.replay.clock import Depth, depth_of
from demo.replay.plan import Stage
from demo.replay.supply import packed_grams
from qc.checks.actions import ParcelCheck, check_parcels
from qc.checks.checkpoints import in_order
from qc.checks.queries import questions_for
from warehouse.orders import actions as orders
from warehouse.orders.actions import Packing, PaidLine, PaidOrder, PaidTo, Step
from warehouse.orders.lifecycle import OrderState, ParcelState
from warehouse.orders.models import Allocation, Parcel
from warehouse.orders.models import Order as OurOrder
from warehouse.orders.queries import scans_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from demo.replay.folder import Order
    from demo.replay.plan import Play

CALLED_OFF_AFTER: Final = timedelta(hours=2)
CALLED_OFF_BECAUSE: Final = "买家取消"


class Undone(RuntimeError):
    """A step of the replay was refused that never should be: the folder and the platform disagree."""


def take(play: Play, wanted: Sequence[Order]) -> None:
    """Take the orders that are not here yet."""
    numbers = [order.number for order in wanted]
    there = set(OurOrder.objects.filter(source=SOURCE, number__in=numbers).values_list("number", flat=True))
    fresh = [order for order in wanted if order.number not in there]
    codes = {line.product_code for order in fresh for line in order.lines}
    products = dict(Product.objects.filter(source=SOURCE, sku__in=codes).values_list("sku", "pk"))
    if fresh:
        taken = orders.take_orders([_paid(order, products) for order in fresh], actor=play.cast.admin, at=play.at)
        if refused := [(order.number, one.refusal) for order, one in zip(fresh, taken, strict=True) if one.refusal]:
            raise Undone(f"order {refused[0][0]}: {refused[0][1]}")


def _paid(order: Order, products: dict[str, int]) -> PaidOrder:
    return PaidOrder(
        source=SOURCE,
        number=order.number,
        ordered_at=order.ordered_at,
        paid_at=order.paid_at,
        ship_by=order.ship_by,
        promised_at=order.promised_at,
        recipient=PaidTo(order.buyer_name, order.buyer_phone, order.province, order.city, order.district, order.address),
        lines=tuple(
            PaidLine(line.number, products[line.product_code], line.quantity, line.unit_price, line.freight_paid) for line in order.lines
        ),
        marketplace_state=order.state,
        at=order.paid_at,
    )


def allocate(play: Play, wanted: Sequence[Order]) -> None:
    """Promise stock to the orders that ran on; what is to find none finds none."""
    going = [order for order in wanted if depth_of(order) >= Depth.SHORT]
    numbers = _numbers(going, OrderState.PAID)
    items = [Step(numbers[order.number], play.course(order).allocated) for order in going if order.number in numbers]
    if items:
        orders.allocate(items, actor=play.cast.packer, at=play.at)


def call_off(play: Play, wanted: Sequence[Order]) -> None:
    """Cancel what was called off before a courier touched it."""
    numbers = _numbers(wanted, OrderState.PAID)
    items = [Step(numbers[order.number], order.paid_at + CALLED_OFF_AFTER) for order in wanted if order.number in numbers]
    if items:
        orders.cancel(items, reason=CALLED_OFF_BECAUSE, actor=play.cast.admin, at=play.at)


def _numbers(wanted: Iterable[Order], state: OrderState) -> dict[str, int]:
    """Return the ids of those orders that stand in this state, by the marketplace's number."""
    found = OurOrder.objects.filter(source=SOURCE, number__in=[order.number for order in wanted], state=state)
    return dict(found.values_list("number", "pk"))


def parcels_of(wanted: Iterable[Order], state: ParcelState) -> dict[int, str]:
    """Return the parcels of these orders that stand in this state, with the marketplace's number of the order."""
    found = Parcel.objects.filter(order__source=SOURCE, order__number__in=[order.number for order in wanted], state=state)
    return dict(found.order_by("pk").values_list("pk", "order__number"))


def in_time(parcels: dict[int, str], moments: dict[str, datetime]) -> list[tuple[int, datetime]]:
    """Return the parcels in the order in which their steps happened."""
    return sorted(((pk, moments[number]) for pk, number in parcels.items()), key=lambda pair: (pair[1], pair[0]))


def pack(play: Play, wanted: Sequence[Order]) -> None:
    """Pick and pack whole parcels by scan, and put them on the scales."""
    parcels = parcels_of(wanted, ParcelState.PICKING)
    if not parcels:
        return
    packer, courses = play.cast.packer, {order.number: play.course(order) for order in wanted}
    picked = in_time(parcels, {number: course.picked for number, course in courses.items()})
    packed = in_time(parcels, {number: course.packed for number, course in courses.items()})
    orders.pick([Step(pk, at) for pk, at in picked], actor=packer, at=play.at)
    scans = scans_of(parcels)
    weighed = _weighed(play, parcels)
    orders.pack([Packing(pk, scans=scans[pk], measured_weight_g=weighed[pk], at=at) for pk, at in packed], actor=packer, at=play.at)


def _weighed(play: Play, parcels: Iterable[int]) -> dict[int, int]:
    """Return what each parcel weighs on the packing table."""
    goods: dict[int, list[tuple[str, int]]] = defaultdict(list)
    inside = Allocation.objects.filter(parcel__in=parcels, state="picked").order_by("pk")
    for parcel, sku, quantity in inside.values_list("parcel_id", "product__sku", "quantity"):
        goods[parcel].append((sku, quantity))
    return {pk: packed_grams(play.folder, goods[pk]) for pk in parcels}


def check(play: Play, wanted: Sequence[Order]) -> None:
    """Check the packed parcels that went on; another person looks than the one who packed."""
    parcels = parcels_of(wanted, ParcelState.PACKED)
    if not parcels:
        return
    moments = in_time(parcels, {order.number: play.course(order).checked for order in wanted})
    asked = questions_for(parcels, days={pk: at.astimezone(SHANGHAI).date() for pk, at in moments})
    checks = [ParcelCheck(pk, in_order(asked[pk].points, expiry=asked[pk].expiry), at=at) for pk, at in moments]
    check_parcels(checks, actor=play.cast.checker, at=play.at, source=SOURCE)


def called_off(play: Play) -> list[Order]:
    return [order for order in play.orders if depth_of(order) == Depth.CANCELLED]


ORDERS: Final = (
    Stage("orders", _("Orders taken"), lambda play: play.orders, take, size=500),
    Stage("cancelled", _("Orders called off"), called_off, call_off),
    Stage("allocated", _("Stock allocated"), lambda play: play.orders, allocate, size=500),
    Stage("packed", _("Parcels packed"), lambda play: play.packed, pack, size=500),
    Stage("checked", _("Parcels checked"), lambda play: play.handed_over, check, size=500),
)
