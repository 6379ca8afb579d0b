"""A folder in the marketplace's form, made up, with the report it must come to: every state, bad rows, clocks that run backwards.

Standard library only; nothing of the platform is imported, so that the expected figures are somebody else's.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
COLUMNS = {
    "merchants.csv": "merchant_code,name,uscc,province,city,district",
    "products.csv": "product_code,merchant_code,category,name,weight_g,length_cm,width_cm,height_cm",
    "orders.csv": "order_no,line_no,product_code,quantity,unit_price,freight_paid,ordered_at,paid_at,ship_by,promised_at,state,"
    "buyer_name,buyer_phone,province,city,district,address",
    "courier_events.csv": "order_no,state,occurred_at",
    "reviews.csv": "order_no,score,title,text,created_at,answered_at",
}
ENCODINGS = {"merchants.csv": "utf-8-sig", "products.csv": "gb18030", "courier_events.csv": "utf-8-sig"}
STATES = {"delivered": 140, "shipped": 30, "canceled": 16, "invoiced": 12, "processing": 12, "unavailable": 3, "approved": 2}
CATEGORIES = ("sports_leisure", "toys", "food_drink", "health_beauty", "", "no_such_category", "fashion_shoes", "diapers_and_hygiene")
PLACES = (
    ("浙江省", "杭州市", "西湖区"),
    ("广东省", "广州市", "番禺区"),
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区"),
    ("四川省", "成都市", "郫都区"),
)
HOUR = timedelta(hours=1)
BEGINNING = datetime(2017, 3, 1, 9, 0, 0)  # noqa: DTZ001  the files tell the time of Shanghai without saying so


@dataclass
class Made:
    """What must be found: the report without what only the rate card decides, and every bad cell."""

    report: dict[str, Any] = field(default_factory=dict)
    bad: set[tuple[str, int, str]] = field(default_factory=set)


@dataclass
class Sheet:
    """Rows of one file, good ones and bad ones with the columns that are bad."""

    name: str
    rows: list[tuple[list[str], tuple[str, ...]]] = field(default_factory=list)

    def add(self, *cells: object, bad: str | tuple[str, ...] = ()) -> None:
        columns = (bad,) if isinstance(bad, str) else bad
        self.rows.append((["" if cell is None else str(cell) for cell in cells], columns))

    def write(self, folder: Path, made: Made) -> None:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS[self.name].split(","))
        for number, (cells, columns) in enumerate(self.rows, 2):
            writer.writerow(cells)
            made.bad |= {(self.name, number, "" if column == "*" else column) for column in columns}
        (folder / self.name).write_bytes(text.getvalue().encode(ENCODINGS.get(self.name, "utf-8")))


def credit_code(number: int) -> str:
    """Return a social credit code by GB 32100-2015: 17 characters and the check character."""
    body = "91330100MA" + "".join(ALPHABET[number // 31**place % 31] for place in range(7))
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]


def make(folder: Path, *, seed: int = 20261122) -> Made:
    """Write the five files and return what must be found in them."""
    return Maker(seed).make(folder)


class Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.made = Made()
        self.sheets = {name: Sheet(name) for name in COLUMNS}
        self.merchant_of: dict[str, str] = {}
        self.totals: dict[str, Any] = defaultdict(int)
        self.states: Counter[str] = Counter()
        self.picked: dict[str, list[timedelta]] = defaultdict(list)
        self.money = {"goods": Decimal(0), "freight": Decimal(0)}

    def make(self, folder: Path) -> Made:
        self.merchants()
        self.products()
        states = [state for state, count in STATES.items() for _ in range(count)]
        self.chance.shuffle(states)
        for number, state in enumerate(states):
            self.order(number, state)
        self.bad_rows()
        for sheet in self.sheets.values():
            sheet.write(folder, self.made)
        self.made.report = self.report()
        return self.made

    def merchants(self) -> None:
        sheet = self.sheets["merchants.csv"]
        for number in range(9):
            sheet.add(f"M{number:03}", f"商家{number}号", credit_code(1000 + number), *self.chance.choice(PLACES))
        sheet.add("M900", "码错商家", credit_code(5000)[:-1] + "?", *PLACES[0], bad="uscc")
        sheet.add("M001", "重复商家", credit_code(5001), *PLACES[0], bad="merchant_code")
        sheet.add("M901", "", credit_code(5002), *PLACES[0], bad="name")
        sheet.add("M902", "同码商家", credit_code(1001), *PLACES[0], bad="uscc")

    def products(self) -> None:
        sheet = self.sheets["products.csv"]
        for number in range(40):
            code, merchant = f"P{number:03}", f"M{number % 8:03}"  # the last merchant sells nothing
            self.merchant_of[code] = merchant
            sizes = [self.chance.randint(10, 60) for _ in range(3)]
            weight = self.chance.randint(50, 8000)
            volume = sizes[0] * sizes[1] * sizes[2]
            if number % 11 == 3:
                weight = None
            if number % 13 == 5:
                sizes[2] = None
            sheet.add(code, merchant, CATEGORIES[number % len(CATEGORIES)], f"商品{number}", weight, *sizes)
            if weight is not None and sizes[2] is not None and volume > 6 * weight:
                self.totals["volumetric"] += 1
        sheet.add("P900", "M999", "toys", "没有商家", 1, 1, 1, 1, bad="merchant_code")
        sheet.add("P901", "M001", "toys", "重量是字", "heavy", 1, 1, "-4", bad=("weight_g", "height_cm"))
        sheet.add("P902", "M001", "toys", "少了一格", 1, 1, bad="*")

    def order(self, number: int, state: str) -> None:
        key = f"{number:06x}test"
        chance = self.chance
        ordered = BEGINNING + timedelta(hours=37 * number, minutes=chance.randint(0, 59))
        paid = ordered + timedelta(minutes=chance.randint(1, 600))
        promised = (paid + timedelta(days=14)).replace(hour=0, minute=0, second=0)
        if state == "unavailable":
            goods = [f"P{32 + number % 8:03}"]
        else:
            goods = [f"P{chance.randint(0, 31):03}" for _ in range(chance.choice((1, 1, 1, 2, 3)))]
        if number in (17, 71):  # two merchants in one order; the first line's counts
            goods = ["P001", "P002", "P001"]
        place = chance.choice(PLACES)
        for line, code in enumerate(goods, 1):
            price, freight, quantity = (
                Decimal(chance.randint(100, 90000)) / 100,
                Decimal(chance.randint(0, 3000)) / 100,
                chance.choice((1, 1, 2)),
            )
            ship_by = paid + timedelta(days=4 + line)
            cells = (key, line, code, quantity, price, freight, ordered, paid, ship_by, promised, state)
            self.sheets["orders.csv"].add(*cells, f"收件人{number}", f"1390000{number:04}", *place, f"测试路{number}号")
            self.totals["lines"] += 1
            self.money["goods"] += price * quantity
            self.money["freight"] += freight
        self.states[state] += 1
        self.events(key, number, state, self.merchant_of[goods[0]], paid, promised)
        if number % 2 == 0:
            self.review(key, number, paid)

    def events(self, key: str, number: int, state: str, merchant: str, paid: datetime, promised: datetime) -> None:
        if state not in ("delivered", "shipped") and not (state == "canceled" and number % 4 == 0):
            return
        if number % 29 == 11:  # delivered or shipped, says the marketplace; no courier has told of it
            return
        quick = merchant in ("M000", "M001") or number % 5 == 0
        after = timedelta(minutes=self.chance.randint(30, 1440 if quick else 7000))
        if number % 17 == 4:
            after = -timedelta(minutes=self.chance.randint(1, 900))
        if number % 37 == 9:
            after = 24 * HOUR  # exactly a day still counts
        self.event(key, "picked_up", paid + after)
        self.picked[merchant].append(after)
        if state == "delivered" and number % 31 != 7:
            late = number % 9 == 2
            at = promised + timedelta(days=2, hours=5) if late else promised - timedelta(hours=self.chance.randint(1, 200))
            if number % 9 == 3:
                at = promised + timedelta(hours=20)  # on the promised day is in time
            self.event(key, "delivered", at)
            self.totals["late"] += late

    def event(self, key: str, kind: str, at: datetime) -> None:
        self.sheets["courier_events.csv"].add(key, kind, at)
        self.totals["events"] += 1

    def review(self, key: str, number: int, paid: datetime) -> None:
        text = self.chance.choice(("", "很好，\r\n下次再来", "=SUM(A1)", 'não chegou, "péssimo"'))
        self.sheets["reviews.csv"].add(
            key, 1 + number % 5, "", text, paid + timedelta(days=20), paid + timedelta(days=21) if number % 3 else None
        )
        self.totals["reviews"] += 1

    def bad_rows(self) -> None:
        orders = self.sheets["orders.csv"]
        good = orders.rows[0][0]
        for number, (column, value) in enumerate(
            (
                ("unit_price", "12,50"),
                ("quantity", "0"),
                ("product_code", "P999"),
                ("paid_at", "2017-13-01 00:00:00"),
                ("state", "teleported"),
                ("buyer_name", ""),
                ("province", "亚特兰蒂斯省"),
                ("freight_paid", "1.999"),
            )
        ):
            cells = list(good)
            cells[0] = f"bad{number}"
            cells[COLUMNS["orders.csv"].split(",").index(column)] = value
            orders.add(*cells, bad=column)
        orders.add(*good, bad="line_no")
        orders.add(good[0], 77, *good[2:7], "2016-01-01 00:00:00", *good[8:], bad="paid_at")
        orders.add(*good[:9], bad="*")
        events = self.sheets["courier_events.csv"]
        events.add("bad0", "picked_up", "2017-05-01 10:00:00", bad="order_no")
        events.add(good[0], "beamed", "2017-05-01 10:00:00", bad="state")
        events.add(good[0], "picked_up", "yesterday", bad="occurred_at")
        events.add(*events.rows[0][0], bad="occurred_at")
        reviews = self.sheets["reviews.csv"]
        reviews.add(good[0], 6, "", "", "2017-05-01 10:00:00", "", bad="score")
        reviews.add("bad1", 5, "", "", "2017-05-01 10:00:00", "", bad="order_no")
        reviews.add(*reviews.rows[0][0], bad="order_no")

    def report(self) -> dict[str, Any]:
        spans = [span for spans in self.picked.values() for span in spans]
        forward = {merchant: [span for span in spans if span >= timedelta(0)] for merchant, spans in self.picked.items()}
        many = {merchant: spans for merchant, spans in forward.items() if len(spans) >= 10}
        within = {merchant: sum(span <= 24 * HOUR for span in spans) for merchant, spans in forward.items()}
        return {
            "merchants": 9,
            "products": 40,
            "orders": sum(self.states.values()),
            "order_lines": self.totals["lines"],
            "states": dict(self.states),
            "courier_events": self.totals["events"],
            "reviews": self.totals["reviews"],
            "goods": f"{self.money['goods']:.2f}",
            "freight": f"{self.money['freight']:.2f}",
            "paid_and_picked": len(spans),
            "within_24h": sum(within.values()),
            "picked_before_paid": sum(span < timedelta(0) for span in spans),
            "merchants_ge_10": len(many),
            "merchants_ge_45pct": sum(within[merchant] * 100 >= 45 * len(spans) for merchant, spans in many.items()),
            "delivered_late": self.totals["late"],
            "volumetric_over_actual": self.totals["volumetric"],
        }
