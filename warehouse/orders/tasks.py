"""What follows without anybody asking: orders get goods as soon as there are any, merchants hear what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from assurance.events.registry import every, job
from assurance.gates.models import Stop
from assurance.notices.actions import notify
from assurance.roles import MERCHANT
from warehouse.orders import queries
from warehouse.orders.actions import allocate, let_go
from warehouse.orders.actions.recording import MOST as AT_ONCE
from warehouse.orders.models import Order, Parcel
from warehouse.stock.custody import Custody
from warehouse.stock.models import StockMove

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH: Final = 200
"""Orders that are allocated in one go: long enough to be fast, short enough not to keep others waiting for the lots."""
MOST_A_ROUND: Final = 2000


@job()
def allocate_what_was_taken(*, order_ids: list[int], **_from_newer_writers: object) -> None:
    """Promise goods to orders that have just been taken."""
    _allocate(Order.objects.filter(pk__in=order_ids).waiting().values_list("pk", flat=True))


@job("warehouse.stock.moved")
def allocate_what_was_released(*, move_id: int, **_from_newer_writers: object) -> None:
    """Promise released goods to the orders that wait for them."""
    move = StockMove.objects.select_related("lot").get(pk=move_id)
    if move.target == Custody.RELEASED:
        _allocate(queries.waiting_for([move.lot.product_id]))


@job("warehouse.parcel.cancelled")
def allocate_what_was_freed(*, parcel_id: int, **_from_newer_writers: object) -> None:
    """Promise the goods of a cancelled parcel to others."""
    freed = Parcel.objects.get(pk=parcel_id).allocations.values_list("product_id", flat=True)
    _allocate(queries.waiting_for(freed))


@job("gates.stop.lifted")
def allocate_what_is_stopped_no_more(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Promise goods that may move again."""
    _allocate(queries.waiting_of(Stop.objects.get(pk=subject_id).merchant_id))


@every(600)
def allocate_what_waits() -> None:
    """Look again at all that waits: a stop may have run out by itself."""
    _allocate(queries.waiting_longest(MOST_A_ROUND))


@every(86_400)
def let_packing_records_go() -> None:
    """Delete photographs of packing that nobody can dispute by any more."""
    now = timezone.now()
    while let_go(today=now.astimezone(SHANGHAI).date(), at=now) == AT_ONCE:
        pass


@job("warehouse.order.short", queue="notices")
def tell_of_shortage(*, order_id: int, **_from_newer_writers: object) -> None:
    """Tell each merchant whose goods are missing; nobody if they have come meanwhile."""
    order = Order.objects.get(pk=order_id)
    for merchant_id, products in queries.missing_of(order).items():
        people = User.objects.acting_for(merchant_id, MERCHANT)
        notify(
            "order_short",
            recipients=people,
            key=str(order.pk),
            at=timezone.now(),
            link=reverse("orders:show", args=[order.pk]),
            order=order.number,
            product=products[0].name,
            product_en=products[0].name_en,
            count=len(products),
        )


def _allocate(order_ids: Iterable[int]) -> None:
    numbers = list(order_ids)
    for begin in range(0, len(numbers), BATCH):
        allocate(numbers[begin : begin + BATCH], actor=None, at=timezone.now())
