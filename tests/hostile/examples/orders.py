"""Examples for orders and parcels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assurance.roles import Role
from tests import checks, factories, goods, orders
from tests.factories import NOON
from tests.hostile.examples.example import Example, number, somebody
from warehouse.orders import actions
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from assurance.accounts.models import User


def stocked() -> tuple[User, User, Lot]:
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    return amal, wei, orders.stocked(amal, wei, quantity=10, lot=f"HJ{number()}")


def take() -> Example:
    amal, _, lot = stocked()
    line = {"number": 1, "product": lot.product_id, "quantity": 2, "unit_price": "59.90", "freight": "6.00"}
    place = {
        "name": "肖敏",
        "phone": "13812345678",
        "province": "浙江省",
        "city": "杭州市",
        "district": "萧山区",
        "address": "市心中路 288 号 3 幢 1201 室",
    }
    order = {
        "source": "",
        "number": f"DY{number():08}",
        "ordered_at": "2026-11-20T03:40:00Z",
        "paid_at": "2026-11-20T03:50:00Z",
        "ship_by": "2026-11-22T04:00:00Z",
        "promised_at": "2026-11-25T04:00:00Z",
        "marketplace_state": "paid",
        "recipient": place,
        "lines": [line],
    }
    return Example(amal, {"orders": [order]})


def of_order(**body: object) -> Callable[[], Example]:
    def example() -> Example:
        amal, _, lot = stocked()
        return Example(amal, dict(body), path={"pk": orders.allocated(amal, (lot.product, 1)).order_id})

    return example


def show_parcel() -> Example:
    amal, _, lot = stocked()
    return Example(amal, path={"pk": orders.allocated(amal, (lot.product, 1)).pk})


def to_pick() -> Example:
    amal, wei, lot = stocked()
    return Example(wei, path={"pk": orders.allocated(amal, (lot.product, 1)).pk})


def scan() -> Example:
    amal, wei, lot = stocked()
    body = {"code": lot.product.gtin, "lot_number": lot.number, "quantity": 1}
    return Example(wei, body, path={"pk": orders.picked(amal, wei, (lot.product, 2)).pk})


def pack() -> Example:
    amal, wei, lot = stocked()
    body = {
        "scans": [{"code": lot.product.gtin, "lot_number": lot.number, "quantity": 2}],
        "measured_weight_g": 320,
        "length_mm": 200,
        "width_mm": 150,
        "height_mm": 80,
    }
    return Example(wei, body, path={"pk": orders.picked(amal, wei, (lot.product, 2)).pk})


def packed(**body: object) -> Callable[[], Example]:
    def example() -> Example:
        amal, wei, lot = stocked()
        return Example(wei, dict(body), path={"pk": orders.packed(amal, wei, (lot.product, 1)).pk})

    return example


def sealed() -> Example:
    """One that has passed its check: nothing else gets a label."""
    amal, wei, lot = stocked()
    return Example(wei, path={"pk": orders.checked(orders.packed(amal, wei, (lot.product, 1))).pk})


def closed() -> Example:
    amal, wei, lot = stocked()
    return Example(wei, {"measured_weight_g": 320}, path={"pk": orders.closed(amal, wei, (lot.product, 1)).pk})


def too_heavy() -> Example:
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    product = goods.enrolled(amal.organisation, gross_weight_g=100)
    orders.stocked(amal, wei, quantity=10, lot=f"HJ{number()}", product=product)
    other = factories.user(Role.WAREHOUSE_OPERATOR, wei.organisation)
    body = {"reason": "a heavier box", "measured_weight_g": 300}
    return Example(other, body, path={"pk": orders.too_heavy(amal, wei, (product, 1)).pk})


def plan() -> Example:
    amal, wei, lot = stocked()
    others = somebody(Role.WAREHOUSE_OPERATOR)
    product = orders.stocked(somebody(Role.MERCHANT_OWNER), others, quantity=5).product
    foreign = orders.allocated(product.created_by, (product, 1)).pk
    return Example(wei, {"parcels": [orders.allocated(amal, (lot.product, 1)).pk]}, foreign={"parcels": [foreign]}, status=201)


def wave(*, started: bool = False, **body: object) -> Callable[[], Example]:
    def example() -> Example:
        amal, wei, lot = stocked()
        made = actions.plan_wave([orders.allocated(amal, (lot.product, 1)).pk], actor=wei, at=NOON)
        if started:
            actions.start_wave(wave_id=made.pk, actor=wei, at=NOON)
        told = {name: lot.number if value == "the lot" else value for name, value in body.items()}
        return Example(wei, told, path={"pk": made.pk})

    return example


def finish() -> Example:
    given = wave(started=True, left_out=[])()
    others, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    foreign = orders.allocated(others, (orders.stocked(others, wei, quantity=5).product, 1)).pk
    return Example(given.user, given.body, path=given.path, foreign={"left_out": [foreign]})


def record() -> Example:
    given = packed(video_reference="camera 3, 14:05")()
    foreign = checks.picture(somebody(Role.WAREHOUSE_OPERATOR)).pk
    return Example(given.user, given.body | {"photos": [checks.picture(given.user).pk]}, path=given.path, foreign={"photos": [foreign]})


REASON = {"reason": "the buyer has changed his mind"}


def other_lot() -> Example:
    amal, wei, first = stocked()
    orders.stocked(amal, wei, quantity=10, lot=f"HJ{number()}", product=first.product)
    parcel = orders.allocated(amal, (first.product, 2))
    allocation = parcel.allocations.get()
    free = Lot.objects.filter(product=first.product).exclude(pk=allocation.lot_id).get()
    body = {"allocation": allocation.pk, "lot": free.pk, "quantity": 1, "reason": "damaged"}
    return Example(wei, body, path={"pk": parcel.pk})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:order-list": take,
    "GET api:order-detail": of_order(),
    "POST api:order-cancel": of_order(**REASON),
    "POST api:order-reveal": of_order(**REASON),
    "GET api:parcel-detail": show_parcel,
    "POST api:parcel-start-picking": to_pick,
    "POST api:parcel-pick": to_pick,
    "POST api:parcel-scan": scan,
    "POST api:parcel-pack": pack,
    "POST api:parcel-weigh": closed,
    "POST api:parcel-accept-weight": too_heavy,
    "POST api:parcel-record": record,
    "POST api:wave-list": plan,
    "GET api:wave-detail": wave(),
    "POST api:wave-start": wave(),
    "POST api:wave-cancel": wave(),
    "POST api:wave-fetch": wave(started=True, code="the lot"),
    "POST api:wave-finish": finish,
    "POST api:parcel-unpack": packed(**REASON),
    "POST api:parcel-other-lot": other_lot,
    "POST api:parcel-give-up": packed(**REASON),
    "POST api:parcel-label": sealed,
}
