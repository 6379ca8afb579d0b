"""Paid orders on their way through the house, made through the same actions as on the pages. Built on the cast's moment NOON."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from assurance.gates.actions import Judgement, clear, clear_all
from tests import goods
from tests.factories import NOON
from warehouse.orders import actions, queries
from warehouse.orders.actions import Checked, Packing, PaidLine, PaidOrder, PaidTo, Step, Weighing
from warehouse.stock.actions import lock_lot, move
from warehouse.stock.custody import Custody

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assurance.accounts.models import User
    from assurance.gates.models import Clearance
    from assurance.products.models import Product
    from warehouse.orders.models import Order, Parcel
    from warehouse.stock.models import Lot

_number = itertools.count(1)
XIAO = PaidTo("肖敏", "13812345678", "浙江省", "杭州市", "萧山区", "市心中路 288 号 3 幢 1201 室")


def released(lot: Lot, actor: User, *, quantity: int | None = None, tranche: int = 1) -> Lot:
    """Release a lot's units, as an accepting inspection would."""
    units = quantity or lot.receipts.get().quantity
    clearance = clear(
        subject_kind="lot",
        subject_id=lot.pk,
        stage="inbound",
        verdict="released",
        organisation_id=lot.merchant_id,
        because="judged",
        tranche=tranche,
        actor=None,
        at=NOON,
    )
    way = {"source": Custody.PENDING, "target": Custody.RELEASED, "because": "accepted", "reference": f"release-{tranche}"}
    with transaction.atomic():
        move(lot=lock_lot(lot.pk), quantity=units, clearance=clearance, actor=actor, at=NOON, **way)
    return lot


def stocked(amal: User, wei: User, *, quantity: int = 100, **given: Any) -> Lot:
    """Return a lot of Amal's that stands released in Wei's warehouse."""
    return released(goods.lot(amal, wei, quantity=quantity, lot=given.pop("lot", f"L{next(_number)}"), **given), wei)


def paid(*lines: tuple[Product, int], **given: Any) -> PaidOrder:
    """Return an order as a marketplace states it."""
    values = {
        "source": "douyin",
        "number": f"DY{next(_number):08}",
        "ordered_at": NOON - timedelta(minutes=20),
        "paid_at": NOON - timedelta(minutes=10),
        "ship_by": NOON + timedelta(days=2),
        "promised_at": NOON + timedelta(days=5),
        "recipient": XIAO,
        "lines": tuple(
            PaidLine(number, product.pk, quantity, Decimal("59.90"), Decimal("6.00")) for number, (product, quantity) in enumerate(lines, 1)
        ),
        "marketplace_state": "paid",
    } | given
    return PaidOrder(**values)


def taken(actor: User, *lines: tuple[Product, int], **given: Any) -> Order:
    """Return an order of these lines that was just taken."""
    return take(actor, [paid(*lines, **given)])[0]


def take(actor: User, orders: Iterable[PaidOrder]) -> list[Order]:
    found = [one.order for one in actions.take_orders(list(orders), actor=actor, at=NOON)]
    assert None not in found
    return found  # type: ignore[return-value]


def allocated(actor: User, *lines: tuple[Product, int], **given: Any) -> Parcel:
    """Return the parcel of an order that has its goods."""
    order = actions.allocate([taken(actor, *lines, **given).pk], actor=None, at=NOON)[0]
    assert order.state == "allocated", order.state
    return order.parcels.get()


def picked(actor: User, wei: User, *lines: tuple[Product, int], **given: Any) -> Parcel:
    return actions.pick([Step(allocated(actor, *lines, **given).pk)], actor=wei, at=NOON)[0]


def packed(actor: User, wei: User, *lines: tuple[Product, int], **given: Any) -> Parcel:
    return pack_all([picked(actor, wei, *lines, **given)], wei)[0]


def pack_all(parcels: Iterable[Parcel], wei: User) -> list[Parcel]:
    numbers = [parcel.pk for parcel in parcels]
    scans = queries.scans_of(numbers)
    return actions.pack([Packing(pk, scans[pk], measured_weight_g=320) for pk in numbers], actor=wei, at=NOON)


def closed(actor: User, wei: User, *lines: tuple[Product, int], **given: Any) -> Parcel:
    """Return a packed parcel that nobody has weighed yet."""
    parcel = picked(actor, wei, *lines, **given)
    return actions.pack([Packing(parcel.pk, queries.scans_of([parcel.pk])[parcel.pk])], actor=wei, at=NOON)[0]


def too_heavy(actor: User, wei: User, *lines: tuple[Product, int], **given: Any) -> Parcel:
    """Return a packed parcel that its weight stops; its goods' weights are known."""
    return actions.weigh([Weighing(closed(actor, wei, *lines, **given).pk, 9_999)], actor=wei, at=NOON)[0]


def checked(parcel: Parcel, *, tranche: int = 1) -> Parcel:
    """Let a packed parcel pass its outbound check."""
    return check_all([parcel], tranche=tranche)[0]


def judge(parcels: Iterable[Parcel], *, tranche: int = 1) -> list[Clearance]:
    """Give packed parcels the clearance of their outbound check; they do not carry it yet."""
    judged = [Judgement("parcel", one.pk, "released", one.merchant_id, "in order", tranche) for one in parcels]
    return clear_all(judged, stage="outbound", actor=None, at=NOON)


def check_all(parcels: Iterable[Parcel], *, tranche: int = 1) -> list[Parcel]:
    clearances = judge(parcels, tranche=tranche)
    return actions.mark_checked([Checked(one.subject_id, one) for one in clearances], actor=None, at=NOON)


def shipped(actor: User, wei: User, *lines: tuple[Product, int], **given: Any) -> Parcel:
    """Return a parcel that left Wei's warehouse."""
    return actions.ship([Step(checked(packed(actor, wei, *lines, **given)).pk)], actor=wei, at=NOON)[0]
