"""Which goods came to the warehouse before somebody bought them: made up, because the marketplace does not say. Standard library only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from demo.replay.chance import between, choice, share
from demo.replay.clock import Depth, course_of, depth_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from demo.replay.folder import Folder, Order

DAY: Final = timedelta(days=1)
FAILING_LOTS: Final = 0.01
MANY: Final = 6
"""From so many units on the stock comes in two lots, so that there is something to choose from."""
NO_GTIN: Final = (
    "定制款，未申请商品条码",
    "散装分装，无商品条码",
    "小批量自产，条码申请中",
    "组合装，套装本身无条码",
    "代工产品，厂家未提供条码",
)
TEXTS: Final[Mapping[str, Sequence[str]]] = {
    "sc_licence": ("SC10137078400552", "SC11333078100217", "SC10644010300188"),
    "ingredients": ("见外包装标签", "小麦粉、植物油、白砂糖、食用盐", "水、甘油、丙二醇"),
    "origin": ("浙江金华", "广东广州", "山东潍坊", "四川成都"),
    "standard": ("企业标准", "GB/T 22165", "QB/T 1645", "FZ/T 81007", "GB 4806.1"),
    "size": ("均码", "M", "L", "标准"),
    "maker": ("见外包装标签",),
    "registration": ("浙G妆网备字2016018342", "粤G妆网备字2017005116"),
    "shade": ("自然色", "浅棕", "正红"),
    "fibre": ("棉 100%", "聚酯纤维 100%", "棉 60%，聚酯纤维 40%"),
    "filling": ("聚酯纤维 100%", "无"),
    "upper": ("合成革", "织物"),
    "sole": ("橡胶", "EVA"),
    "model": ("A1", "B20", "C300"),
    "ccc": ("2016010901876543", "不适用"),
    "material": ("ABS 塑料", "不锈钢", "陶瓷", "木"),
}


@dataclass(frozen=True, slots=True)
class LotPlan:
    """One lot of one product: how much, from when to when it lives, when it came, whether it fails."""

    product_code: str
    number: str
    quantity: int
    produced: date
    expiry: date | None
    announced_at: datetime
    received_at: datetime
    inspected_at: datetime
    is_failing: bool


@dataclass(frozen=True, slots=True)
class Need:
    """What the orders want of one product."""

    units: int
    first_at: datetime
    last_promised: date
    is_short: bool
    price: Any


def needs_of(orders: Sequence[Order]) -> dict[str, Need]:
    """Return for every product that was ordered how much of it must lie in the warehouse, and from when on."""
    units: dict[str, int] = defaultdict(int)
    first: dict[str, datetime] = {}
    last: dict[str, date] = {}
    prices: dict[str, Any] = {}
    short: set[str] = set()
    for order in orders:
        depth = depth_of(order)
        for line in order.lines:
            key = line.product_code
            prices.setdefault(key, line.unit_price)
            first[key] = min(first.get(key, order.paid_at), order.paid_at)
            last[key] = max(last.get(key, order.promised_at.date()), order.promised_at.date())
            if depth == Depth.SHORT:
                short.add(key)
            if depth in (Depth.PACKED, Depth.HANDED_OVER):
                units[key] += line.quantity
                last[key] = max(last[key], course_of(order).handed_over.date())
    return {key: Need(units[key], first[key], last[key], key in short, prices[key]) for key in first}


def enrolled_at(need: Need, code: str) -> datetime:
    """Return when the product was entered: some weeks before its first order."""
    return _working_hour(need.first_at - DAY * between(40, 70, code, "enrolled"), code, "enrolled")


def lots_of(code: str, need: Need, *, life_days: int | None) -> list[LotPlan]:
    """Return the lots of a product: enough before its first order, and for an order that found nothing exactly what the others took."""
    if not need.units:
        return []
    spare = 0 if need.is_short else 2 + need.units // 4
    total = need.units + spare
    first = total // 2 if need.units >= MANY else total
    lots = [_lot(code, 1, first, need, life_days, days_before=9, is_failing=False)]
    if first < total:
        lots.append(_lot(code, 2, total - first, need, life_days, days_before=7, is_failing=False))
    if share(code, "fails") < FAILING_LOTS:
        lots.insert(0, _lot(code, 9, total, need, life_days, days_before=14, is_failing=True))
    return lots


def _lot(code: str, number: int, quantity: int, need: Need, life_days: int | None, *, days_before: int, is_failing: bool) -> LotPlan:
    received = _working_hour(need.first_at - DAY * days_before, code, number)
    produced = received.date() - DAY * between(10, 40, code, number, "produced")
    expiry = None
    if life_days:
        expiry = max(produced + DAY * life_days, need.last_promised + DAY * between(60, 150, code, number, "expiry"))
    return LotPlan(
        product_code=code,
        number=f"R{produced:%y%m%d}-{number}",
        quantity=quantity,
        produced=produced,
        expiry=expiry,
        announced_at=received - DAY * 2,
        received_at=received,
        inspected_at=received + timedelta(hours=between(20, 28, code, number, "inspected")),
        is_failing=is_failing,
    )


def attributes_of(code: str, demanded: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return something that a product may say for everything its category asks."""
    return {one["key"]: _said(code, one) for one in demanded}


def _said(code: str, asked: Mapping[str, Any]) -> str:
    key = asked["key"]
    if asked["kind"] == "choice":
        return str(choice([one["value"] for one in asked["choices"]], code, key))
    if asked["kind"] == "number":
        return str(between(2, 60, code, key) * 25)
    return choice(TEXTS.get(key, ("见外包装标签",)), code, key)


def packed_grams(folder: Folder, items: Sequence[tuple[str, int]]) -> int:
    """Return what a parcel weighs on the packing table: its goods and the box; who was never weighed gets a likely weight."""
    grams = 0
    for code, quantity in items:
        known = folder.products[code].weight_g
        grams += quantity * (int(known) if known else between(200, 1500, code, "weight"))
    return max(1, grams + between(20, 80, *(code for code, _ in items), "box"))


def _working_hour(at: datetime, *names: object) -> datetime:
    return at.replace(hour=between(8, 17, *names, "hour"), minute=between(0, 59, *names, "minute"), second=0, microsecond=0)
