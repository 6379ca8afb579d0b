"""What buyers ordered in the last weeks, and how far every parcel has come: whatever should have happened by now has happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from assurance.accounts.models import Organisation
from assurance.calendar import SHANGHAI
from assurance.products.models import Product
from demo.buyers import buyer
from demo.goods import GOODS
from demo.replay.chance import between, choice, share
from logistics.couriers.actions import EXAMPLE_PRICES, add_service, set_origin
from logistics.dispatch.actions import Booking, Handing, choose_and_book, hand_over
from logistics.dispatch.models import Waybill
from logistics.tracking.actions import Happening, record_events
from qc.checks.actions import ParcelCheck, check_parcels
from qc.checks.checkpoints import in_order
from qc.checks.queries import questions_for
from warehouse.orders import actions as orders
from warehouse.orders.actions import Packing, PaidLine, PaidOrder, Step
from warehouse.orders.models import Allocation, Parcel
from warehouse.orders.queries import scans_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from demo.story import Stage

MARKETPLACE: Final = "demo-mall"
WAREHOUSE: Final = "HZXS"
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
PAST_ORDERS: Final = 66
RECENT_HOURS: Final = (0.3, 0.5, 0.9, 1.4, 1.8, 2.3, 2.8, 3.4, 3.7, 4.3, 4.6, 5.2, 5.4, 5.8, 7.0, 9.0, 13.0, 19.0)
"""Ages of the newest orders: one or two stand at every step of the house."""
SKUS: Final = (("HJ-JM-120", 23), ("HJ-JM-120", 23), ("HJ-MS-50", 23), ("SL-HT-250", 20), ("SL-YP-180", 11), ("XS-LT-90", 8))
"""What is bought, and from how many days ago on it lies in the warehouse; the first one sells best."""
STEPS: Final = {"allocated": 0.4, "picked": 2.0, "packed": 3.0, "checked": 4.0, "booked": 4.4, "handed_over": 5.5}
"""Hours after the payment."""
TRAVEL: Final = {"picked_up": 6.5, "departed": 12.0, "arrived": 34.0, "out_for_delivery": 45.0, "delivered": 50.0}
SILENT, WRONG_ADDRESS, DAMAGED, LATE = 19, 17, 29, 13
"""Every so many parcels one goes silent after it left, finds nobody, breaks, or comes days late."""


@dataclass(frozen=True)
class Sale:
    """One order of the demo."""

    number: int
    paid_at: datetime
    lines: tuple[tuple[str, int], ...]
    fate: str

    @property
    def code(self) -> str:
        return f"DM{self.paid_at:%y%m%d}{self.number:04}"


def sell(stage: Stage) -> None:
    """Play all orders."""
    offer_couriers(stage)
    sales = [sale for sale in made_up(stage) if sale.paid_at < stage.now]
    taken = dict(zip([sale.number for sale in sales], take(stage, sales), strict=True))
    going = [sale for sale in sales if sale.fate != "cancelled"]
    cancelled = [Step(taken[sale.number], sale.paid_at + 0.2 * HOUR) for sale in sales if sale.fate == "cancelled"]
    orders.cancel(cancelled, reason="买家拍错规格，申请退款", actor=stage.people["owner"], at=stage.now)
    due = [(sale, sale.paid_at + STEPS["allocated"] * HOUR) for sale in going]
    orders.allocate([Step(taken[sale.number], at) for sale, at in due if at <= stage.now], actor=None, at=stage.now)
    through_the_house(stage, {taken[sale.number]: sale for sale in going})


def offer_couriers(stage: Stage) -> None:
    """Say where the warehouses stand and what the courier offers."""
    admin, courier = stage.people["admin"], Organisation.objects.get(code="LUDA")
    for code, province in ((WAREHOUSE, "浙江省"), ("GZBY", "广东省")):
        set_origin(warehouse_id=Organisation.objects.get(code=code).pk, province=province, actor=admin, at=stage.ago(45))
    since = stage.today - timedelta(days=400)
    for code, name, english, prices in (
        ("luda-std", "陆达标快", "Luda standard", "economy"),
        ("luda-fast", "陆达特快", "Luda express", "express"),
    ):
        add_service(
            courier_id=courier.pk,
            code=code,
            name=name,
            name_en=english,
            company_code="zhongtong",
            valid_from=since,
            prices=EXAMPLE_PRICES[prices],
            actor=admin,
            at=stage.ago(45),
        )


def made_up(stage: Stage) -> list[Sale]:
    """Return the orders, oldest first: those of the last weeks and those of today."""
    ages = [between(20, 21 * 24, "age", number) + share("minutes", number) for number in range(PAST_ORDERS)]
    sales = []
    for number, hours in enumerate(sorted([*ages, *RECENT_HOURS], reverse=True), 1):
        there = [sku for sku, days in SKUS if hours < (days - 1) * 24]
        first = choice(there, "sku", number)
        lines = [(first, 1 + (share("two", number) < 0.15))]
        if share("more", number) < 0.25:
            lines.append((choice([sku for sku in there if sku != first] or there, "second", number), 1))
        fate = "cancelled" if number in (9, 41) else "short" if number == PAST_ORDERS + 2 else ""
        if fate == "short":
            lines = [("HJ-FS-60", 2)]
        wanted: dict[str, int] = {}
        for sku, quantity in lines:
            wanted[sku] = wanted.get(sku, 0) + quantity
        sales.append(Sale(number, (stage.now - hours * HOUR).replace(microsecond=0), tuple(wanted.items()), fate))
    return sales


def take(stage: Stage, sales: Sequence[Sale]) -> list[int]:
    """Take the orders as the marketplace sends them; return their ids."""
    products = {product.sku: product for product in Product.objects.filter(sku__in=[goods.sku for goods in GOODS])}
    given = [
        PaidOrder(
            source=MARKETPLACE,
            number=sale.code,
            ordered_at=sale.paid_at - timedelta(minutes=3),
            paid_at=sale.paid_at,
            ship_by=sale.paid_at + 2 * DAY,
            promised_at=datetime.combine((sale.paid_at + 4 * DAY).astimezone(SHANGHAI).date(), datetime.min.time(), SHANGHAI),
            recipient=buyer(sale.number),
            lines=tuple(
                PaidLine(place, products[sku].pk, quantity, products[sku].price, Decimal("6.00") if place == 1 else Decimal("0.00"))
                for place, (sku, quantity) in enumerate(sale.lines, 1)
            ),
            marketplace_state="paid",
            at=sale.paid_at + timedelta(minutes=1),
        )
        for sale in sales
    ]
    taken = orders.take_orders(given, actor=stage.people["admin"], at=stage.now)
    return [one.order.pk for one in taken if one.order]


def _weighed(parcels: Iterable[int]) -> dict[int, int]:
    """Return what each parcel weighs on the packing table: its goods with their packs, and a box."""
    grams = {pk: between(60, 180, "weight", pk) for pk in parcels}
    for pk, units, net in Allocation.objects.filter(parcel__in=grams).values_list("parcel_id", "quantity", "product__net_weight_g"):
        grams[pk] += units * (net or 300) * 110 // 100
    return grams


def through_the_house(stage: Stage, sales: dict[int, Sale]) -> None:
    """Pick, pack, check, book and hand over every parcel as far as its time has come."""
    parcels = {pk: sales[order] for pk, order in Parcel.objects.filter(order__in=sales).order_by("pk").values_list("pk", "order_id")}

    def come(step: str) -> list[tuple[int, datetime]]:
        moments = [(pk, sale.paid_at + STEPS[step] * HOUR) for pk, sale in parcels.items()]
        return sorted(((pk, at) for pk, at in moments if at <= stage.now), key=lambda pair: pair[1])

    packer, checker = stage.people["warehouse"], stage.people["inspector2"]
    orders.pick([Step(pk, at) for pk, at in come("picked")], actor=packer, at=stage.now)
    scans = scans_of(parcels)
    weighed = _weighed(parcels)
    packings = [Packing(pk, scans=scans[pk], measured_weight_g=weighed[pk], at=at) for pk, at in come("packed")]
    orders.pack(packings, actor=packer, at=stage.now)
    due = come("checked")
    asked = questions_for([pk for pk, _at in due], days={pk: at.astimezone(SHANGHAI).date() for pk, at in due})
    checks = [ParcelCheck(pk, in_order(asked[pk].points, expiry=asked[pk].expiry), at=at) for pk, at in due]
    check_parcels(checks, actor=checker, at=stage.now, source="demo")
    rule = {pk: "fastest" if share("rule", pk) < 0.2 else "cheapest" for pk in parcels}
    choose_and_book([Booking(pk, rule=rule[pk], at=at) for pk, at in come("booked")], actor=packer, at=stage.now)
    gone = come("handed_over")
    hand_over([Handing(pk, at=at) for pk, at in gone], actor=packer, at=stage.now)
    travel(stage, dict(gone))


def travel(stage: Stage, gone: dict[int, datetime]) -> None:
    """Let the courier tell of the parcels; some go silent, some find nobody, some come late."""
    happenings = []
    for place, waybill in enumerate(Waybill.objects.filter(parcel_id__in=gone).order_by("pk"), 1):
        paid = gone[waybill.parcel_id] - STEPS["handed_over"] * HOUR
        for status, after, reason in course_of(place):
            at = (paid + after * HOUR).replace(microsecond=0)
            if at <= stage.now:
                happenings.append(Happening(waybill_id=waybill.pk, key=status, status=status, occurred_at=at, reason=reason, at=at))
    record_events(happenings, source="api", actor=stage.people["courier"], at=stage.now)


def course_of(place: int) -> list[tuple[str, float, str]]:
    """Return what the courier tells of the parcel at this place: status, hours after the payment, reason."""
    usual = [(status, hours, "") for status, hours in TRAVEL.items()]
    if place % SILENT == 0:
        return usual[:2]
    if place % WRONG_ADDRESS == 0:
        return [*usual[:4], ("problem", 47.0, "address_wrong")]
    if place % DAMAGED == 0:
        return [*usual[:3], ("problem", 40.0, "damaged")]
    if place % LATE == 0:
        return [(status, hours if hours < 30 else hours + 70, reason) for status, hours, reason in usual]
    return usual
