"""The five files together: every row that another file does not bear out is named too. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from demo.replay.cells import BadCell, Reader, code, measure, moment, money, one_of, text, whole
from demo.replay.table import Flaw, Table, read
from logistics.couriers.zones import UnknownProvince, province_code

FILES: Final = ("merchants.csv", "products.csv", "orders.csv", "courier_events.csv", "reviews.csv")
ORDER_STATES: Final = ("created", "approved", "invoiced", "processing", "shipped", "delivered", "canceled", "unavailable")
EVENT_STATES: Final = ("picked_up", "delivered")
MOST_BYTES: Final = 50 * 1024 * 1024


def credit_code(value: str) -> str:
    try:
        return uscc.validate(value)
    except ValidationError:
        raise BadCell("not_a_credit_code" if value.strip() else "missing") from None


def province(value: str) -> str:
    """Accept a province that a parcel can be sent to."""
    found: str = text(20)(value)
    try:
        province_code(found)
    except UnknownProvince:
        raise BadCell("unknown_province") from None
    return found


COLUMNS: Final[Mapping[str, Mapping[str, Reader]]] = {
    "merchants.csv": {
        "merchant_code": code(40),
        "name": text(80),
        "uscc": credit_code,
        "province": text(20),
        "city": text(20),
        "district": text(20),
    },
    "products.csv": {
        "product_code": code(40),
        "merchant_code": code(40),
        "category": text(80, needed=False),
        "name": text(80),
        "weight_g": measure,
        "length_cm": measure,
        "width_cm": measure,
        "height_cm": measure,
    },
    "orders.csv": {
        "order_no": code(40),
        "line_no": whole(1, 10_000),
        "product_code": code(40),
        "quantity": whole(1, 10_000),
        "unit_price": money,
        "freight_paid": money,
        "ordered_at": moment,
        "paid_at": moment,
        "ship_by": moment,
        "promised_at": moment,
        "state": one_of(ORDER_STATES),
        "buyer_name": text(60),
        "buyer_phone": text(30),
        "province": province,
        "city": text(20),
        "district": text(20, needed=False),
        "address": text(120),
    },
    "courier_events.csv": {"order_no": code(40), "state": one_of(EVENT_STATES), "occurred_at": moment},
    "reviews.csv": {
        "order_no": code(40),
        "score": whole(1, 5),
        "title": text(120, needed=False, lines=True),
        "text": text(4000, needed=False, lines=True),
        "created_at": moment,
        "answered_at": partial(moment, needed=False),
    },
}
OF_THE_ORDER: Final = ("ordered_at", "paid_at", "promised_at", "state", "buyer_name", "buyer_phone", "province", "city", "address")
"""What every line of an order must say alike; each line may have its own day to be shipped by."""


@dataclass(frozen=True, slots=True)
class Merchant:
    code: str
    name: str
    credit_code: str
    province: str
    city: str
    district: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product; weights in grams, lengths in centimetres, ``None`` where nobody measured."""

    code: str
    merchant_code: str
    category: str
    name: str
    weight_g: Decimal | None
    length_cm: Decimal | None
    width_cm: Decimal | None
    height_cm: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    product_code: str
    quantity: int
    unit_price: Decimal
    freight_paid: Decimal
    ship_by: datetime


@dataclass(frozen=True, slots=True)
class CourierEvent:
    order_no: str
    state: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    order_no: str
    score: int
    title: str
    text: str
    created_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """One order; what the lines share is taken from the first of them."""

    number: str
    lines: tuple[Line, ...]
    ordered_at: datetime
    paid_at: datetime
    promised_at: datetime
    state: str
    buyer_name: str
    buyer_phone: str
    province: str
    city: str
    district: str
    address: str
    events: tuple[CourierEvent, ...] = ()

    @property
    def ship_by(self) -> datetime:
        return min(line.ship_by for line in self.lines)


@dataclass(slots=True)
class Folder:
    """Everything that could be read, by its own key, and everything that could not."""

    digest: str
    merchants: dict[str, Merchant] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    events: list[CourierEvent] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)


def from_disk(path: Path) -> dict[str, bytes]:
    """Return the five files of a folder; one that is not there is as good as an empty one."""
    found = {}
    for name in FILES:
        file = path / name
        if file.is_file() and file.stat().st_size <= MOST_BYTES:
            found[name] = file.read_bytes()
    return found


def read_folder(files: Mapping[str, bytes]) -> Folder:
    """Read the five files. Bad rows are in ``flaws``, in the order of the files and rows."""
    digest = hashlib.sha256()
    tables = {}
    for name in FILES:
        digest.update(name.encode() + b"\0" + hashlib.sha256(files.get(name, b"")).digest())
        tables[name] = read(name, files.get(name, b""), COLUMNS[name])
    folder = Folder(digest.hexdigest())
    _merchants(tables["merchants.csv"], folder)
    _products(tables["products.csv"], folder)
    _orders(tables["orders.csv"], folder)
    _events(tables["courier_events.csv"], folder)
    _reviews(tables["reviews.csv"], folder)
    for name in FILES:
        folder.flaws += sorted(tables[name].flaws, key=lambda flaw: flaw.row)
    return folder


def _merchants(table: Table, folder: Folder) -> None:
    codes: dict[str, str] = {}
    for number, row in table.rows:
        key = row["merchant_code"]
        if key in folder.merchants:
            table.refuse(number, "merchant_code", key, "twice")
        elif row["uscc"] in codes:
            table.refuse(number, "uscc", row["uscc"], "twice")
        else:
            codes[row["uscc"]] = key
            folder.merchants[key] = Merchant(key, row["name"], row["uscc"], row["province"], row["city"], row["district"])


def _products(table: Table, folder: Folder) -> None:
    for number, row in table.rows:
        key = row["product_code"]
        if key in folder.products:
            table.refuse(number, "product_code", key, "twice")
        elif row["merchant_code"] not in folder.merchants:
            table.refuse(number, "merchant_code", row["merchant_code"], "unknown_merchant")
        else:
            folder.products[key] = Product(**{"code" if name == "product_code" else name: value for name, value in row.items()})


def _orders(table: Table, folder: Folder) -> None:
    lines: dict[str, dict[int, tuple[Line, dict[str, Any]]]] = {}
    for number, row in table.rows:
        known = lines.setdefault(row["order_no"], {})
        first = next(iter(known.values()))[1] if known else row
        if row["product_code"] not in folder.products:
            table.refuse(number, "product_code", row["product_code"], "unknown_product")
        elif row["line_no"] in known:
            table.refuse(number, "line_no", row["line_no"], "twice")
        elif other := [name for name in OF_THE_ORDER if row[name] != first[name]]:
            for name in other:
                table.refuse(number, name, row[name], "differs_from_first_line")
        else:
            line = Line(*(row[name] for name in ("line_no", "product_code", "quantity", "unit_price", "freight_paid", "ship_by")))
            known[line.number] = (line, row)
    for key, known in lines.items():
        if known:
            folder.orders[key] = _order(key, known)


def _order(key: str, known: dict[int, tuple[Line, dict[str, Any]]]) -> Order:
    first = known[min(known)][1]
    lines = tuple(known[number][0] for number in sorted(known))
    return Order(number=key, lines=lines, district=first["district"], **{name: first[name] for name in OF_THE_ORDER})


def _events(table: Table, folder: Folder) -> None:
    seen: set[CourierEvent] = set()
    for number, row in table.rows:
        event = CourierEvent(**row)
        if event.order_no not in folder.orders:
            table.refuse(number, "order_no", event.order_no, "unknown_order")
        elif event in seen:
            table.refuse(number, "occurred_at", row["occurred_at"].strftime("%Y-%m-%d %H:%M:%S"), "twice")
        else:
            seen.add(event)
            folder.events.append(event)
    by_order: dict[str, list[CourierEvent]] = {}
    for event in folder.events:
        by_order.setdefault(event.order_no, []).append(event)
    for key, events in by_order.items():
        order = folder.orders[key]
        kept = tuple(sorted(events, key=lambda event: event.occurred_at))
        folder.orders[key] = Order(**{name: getattr(order, name) for name in Order.__slots__} | {"events": kept})


def _reviews(table: Table, folder: Folder) -> None:
    seen: set[Review] = set()
    for number, row in table.rows:
        review = Review(**row)
        if review.order_no not in folder.orders:
            table.refuse(number, "order_no", review.order_no, "unknown_order")
        elif review in seen:
            table.refuse(number, "order_no", review.order_no, "twice")
        else:
            seen.add(review)
            folder.reviews.append(review)
