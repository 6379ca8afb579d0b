"""Take what buyers paid on the marketplaces, once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assurance.badges.past import snapshots_each
from assurance.database import constraint_of, update_each
from assurance.events.actions import News, announce_each, enqueue
from assurance.events.changes import change, first
from assurance.products.models import Product
from assurance.refusals import Refused
from assurance.roles import Kind
from warehouse.orders.clocks import clock_flags
from warehouse.orders.models import Order, OrderLine, Recipient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User

ALLOCATE_HANDLER: Final = "warehouse.orders.allocate_what_was_taken"
ATTEMPTS: Final = 3
KEPT: Final = ("ordered_at", "paid_at", "ship_by", "promised_at")
PLACE: Final = ("name", "phone", "province", "city", "district", "address")


class OrderDiffers(Refused):
    code = "order_differs"
    message = _("Order %(number)s is recorded here with other content. It stays as it is.")


class NoSuchProduct(Refused):
    code = "no_such_product"
    status = 422
    message = _("Order %(number)s, line %(line)s: there is no such product.")


class NoLines(Refused):
    code = "no_lines"
    status = 422
    message = _("Order %(number)s has no lines.")


class LineTwice(Refused):
    code = "line_twice"
    status = 422
    message = _("Order %(number)s names line %(line)s twice.")


class Amiss(Refused):
    code = "line_amiss"
    status = 422
    message = _("Order %(number)s, line %(line)s: quantity from 1, amounts from 0.00 are expected.")


@dataclass(frozen=True, slots=True)
class PaidTo:
    """Whom the parcels go to."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    address: str


@dataclass(frozen=True, slots=True)
class PaidLine:
    """So many units of one product; amounts in CNY."""

    number: int
    product_id: int
    quantity: int
    unit_price: Decimal
    freight: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """An order as the marketplace states it. ``at`` is when it came, if not the moment of the call."""

    source: str
    number: str
    ordered_at: datetime
    paid_at: datetime
    ship_by: datetime
    promised_at: datetime
    recipient: PaidTo
    lines: tuple[PaidLine, ...]
    marketplace_state: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one order: it was taken, it was known, or it was refused and nothing of it is kept."""

    order: Order | None
    is_new: bool = False
    refusal: Refused | None = None


def take_orders(orders: Sequence[PaidOrder], *, actor: User, at: datetime) -> list[Taken]:
    """Write orders down; the same source and number is the same order, and other content under it is refused.

    A merchant sends orders of its own goods only, under its own code as source. Refusals are answered one by one and keep the
    others from nothing. A dozen queries, whatever the number.
    """
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _take(orders, actor=actor, at=at)
        except IntegrityError as error:  # somebody sent the same order at the same moment: it is known now
            if constraint_of(error) != "order_once_per_source" or attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _take(orders: Sequence[PaidOrder], *, actor: User, at: datetime) -> list[Taken]:
    source = actor.organisation.code if actor.organisation_kind == Kind.MERCHANT else None
    keys = [(source or one.source, one.number) for one in orders]
    known = _known(keys)
    products = {
        product.pk: product.merchant_id
        for product in Product.objects.visible_to(actor)
        .filter(pk__in={line.product_id for one in orders for line in one.lines})
        .only("merchant_id")
    }
    fresh: dict[tuple[str, str], PaidOrder] = {}
    refused: dict[int, Refused] = {}
    for place, (key, one) in enumerate(zip(keys, orders, strict=True)):
        kept = fresh[key] if key in fresh else known.get(key)
        refusal = _refusal(one, products) if kept is None else _difference(one, kept)
        if refusal is not None:
            refused[place] = refusal
        elif kept is None:
            fresh[key] = one
    made = _write(fresh, products, actor=actor, at=at)
    _follow_marketplace(
        [(known[key], one) for place, (key, one) in enumerate(zip(keys, orders, strict=True)) if key in known and place not in refused],
        actor=actor,
        at=at,
    )
    if made:
        pks = [order.pk for order in made.values()]
        enqueue(ALLOCATE_HANDLER, key=f"{pks[0]}-{len(pks)}", at=at, order_ids=pks)
    answers, seen = [], set()
    for place, key in enumerate(keys):
        if place in refused:
            answers.append(Taken(None, refusal=refused[place]))
        else:
            answers.append(Taken(made.get(key) or known[key], is_new=key in made and key not in seen))
            seen.add(key)
    return answers


def _known(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Order]:
    wanted = set(keys)
    found = Order.objects.filter(source__in={source for source, _ in wanted}, number__in={number for _, number in wanted})
    orders = found.select_related("recipient").prefetch_related("lines")
    return {(one.source, one.number): one for one in orders if (one.source, one.number) in wanted}


def _refusal(one: PaidOrder, products: Mapping[int, int]) -> Refused | None:
    if not one.lines:
        return NoLines(field="lines", number=one.number)
    numbers: set[int] = set()
    for place, line in enumerate(one.lines):
        about: dict[str, Any] = {"number": one.number, "line": line.number}
        if line.number in numbers:
            return LineTwice(field=f"lines.{place}.number", **about)
        if line.product_id not in products:
            return NoSuchProduct(field=f"lines.{place}.product", **about)
        if line.quantity < 1 or line.unit_price < 0 or line.freight < 0:
            return Amiss(field=f"lines.{place}", **about)
        numbers.add(line.number)
    return None


def _difference(one: PaidOrder, kept: Order | PaidOrder) -> OrderDiffers | None:
    lines = kept.lines if isinstance(kept, PaidOrder) else kept.lines.all()
    same = (
        all(getattr(one, name) == getattr(kept, name) for name in KEPT)
        and all(getattr(one.recipient, name) == getattr(kept.recipient, name) for name in PLACE)
        and {_content(line) for line in one.lines} == {_content(line) for line in lines}
    )
    return None if same else OrderDiffers(field="number", number=one.number)


def _content(line: PaidLine | OrderLine) -> tuple[int, int, int, Decimal, Decimal]:
    return line.number, line.product_id, line.quantity, line.unit_price, line.freight


def _write(
    fresh: Mapping[tuple[str, str], PaidOrder], products: Mapping[int, int], *, actor: User, at: datetime
) -> dict[tuple[str, str], Order]:
    if not fresh:
        return {}
    orders = Order.objects.bulk_create(
        Order(
            source=source,
            number=number,
            merchant_id=products[one.lines[0].product_id],
            marketplace_state=one.marketplace_state,
            ordered_at=one.ordered_at,
            paid_at=one.paid_at,
            ship_by=one.ship_by,
            promised_at=one.promised_at,
            clock_flags=clock_flags(ordered_at=one.ordered_at, paid_at=one.paid_at, ship_by=one.ship_by, promised_at=one.promised_at),
            taken_at=one.at or at,
            taken_by=actor,
        )
        for (source, number), one in fresh.items()
    )
    given = list(zip(orders, fresh.values(), strict=True))
    Recipient.objects.bulk_create(
        Recipient(order=order, merchant_id=order.merchant_id, **{name: getattr(one.recipient, name) for name in PLACE})
        for order, one in given
    )
    badges = snapshots_each({(line.product_id, order.taken_at) for order, one in given for line in one.lines})
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            merchant_id=products[line.product_id],
            number=line.number,
            product_id=line.product_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
            freight=line.freight,
            badge=badges[line.product_id, order.taken_at],
        )
        for order, one in given
        for line in one.lines
    )
    shown = ("source", "number", "paid_at", "ship_by", "promised_at")
    announce_each(
        [
            News("warehouse.order.taken", order, first(order, *shown) | _told(one), order.taken_at, actor, {"order_id": order.pk})
            for order, one in given
        ]
    )
    return {(order.source, order.number): order for order in orders}


def _told(one: PaidOrder) -> dict[str, list[Any]]:
    return {"lines": [None, [{"product": line.product_id, "quantity": line.quantity} for line in one.lines]]}


def _follow_marketplace(known: Sequence[tuple[Order, PaidOrder]], *, actor: User, at: datetime) -> None:
    """Keep the marketplace's own word beside ours; it is the only thing that may differ."""
    moved = []
    for order, one in known:
        if one.marketplace_state and one.marketplace_state != order.marketplace_state:
            changes = change(order, marketplace_state=one.marketplace_state)
            moved.append(News("warehouse.order.renamed", order, changes, one.at or at, actor, {"order_id": order.pk}))
    update_each([news.subject for news in moved], ["marketplace_state"])
    announce_each(moved)
