"""Journey 6, first half: a paid order gets the lot that expires first, is picked, packed by scan, and stands packed for its check."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests import goods, orders
from tests.journeys import keys
from tests.journeys.jobs import work_off
from tests.journeys.test_by_api import Program
from tests.journeys.test_in_the_browser import IN_ENGLISH, Walk
from warehouse.orders import actions, queries
from warehouse.orders.actions import Packing, Step
from warehouse.orders.models import Order, Parcel
from warehouse.stock.models import StockBalance

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase
    from warehouse.stock.models import Lot

PLACE = {
    "name": "肖敏",
    "phone": "13812345678",
    "province": "浙江省",
    "city": "杭州市",
    "district": "萧山区",
    "address": "市心中路 288 号 3 幢 1201 室",
}


def in_days(days: float) -> str:
    return (timezone.now() + timedelta(days=days)).isoformat()


def two_lots(amal: User, wei: User) -> tuple[Lot, Lot]:
    """Return a lot that expires early and one that expires late, of one product."""
    today = timezone.localdate()
    early = orders.stocked(amal, wei, quantity=5, lot="HJ-EARLY", expiry_date=today + timedelta(days=400))
    late = orders.stocked(amal, wei, quantity=5, lot="HJ-LATE", expiry_date=today + timedelta(days=900), product=early.product)
    return early, late


class TestByActions:
    def test_leads_from_payment_to_a_packed_parcel(
        self, committed_db: CommittedDatabase, amal: User, chidi: User, eve: User, wei: User
    ) -> None:
        early, _late = two_lots(amal, wei)
        other = orders.stocked(chidi, wei, quantity=5, lot="LX-1").product
        paid = orders.paid((early.product, 6), (other, 1))

        [taken] = actions.take_orders([paid], actor=eve, at=timezone.now())
        work_off()

        order = Order.objects.get()
        mine, theirs = order.parcels.order_by("id")
        assert (taken.is_new, order.state, {mine.merchant, theirs.merchant}) == (True, "allocated", {amal.organisation, chidi.organisation})
        assert list(mine.allocations.order_by("id").values_list("lot__number", "quantity")) == [("HJ-EARLY", 5), ("HJ-LATE", 1)]
        steps = [Step(mine.pk), Step(theirs.pk)]
        actions.pick(steps, actor=wei, at=timezone.now())
        scans = queries.scans_of([mine.pk, theirs.pk])
        actions.pack([Packing(pk, scans[pk], measured_weight_g=500) for pk in scans], actor=wei, at=timezone.now())
        work_off()

        order.refresh_from_db()
        assert (order.state, set(order.parcels.values_list("state", flat=True))) == ("packed", {"packed"})
        assert StockBalance.objects.get(lot=early, custody="released").reserved == 5

    def test_waits_for_goods_and_goes_on_by_itself(self, committed_db: CommittedDatabase, amal: User, eve: User, wei: User) -> None:
        product = goods.enrolled(amal.organisation)
        orders.taken(eve, (product, 2))
        work_off()
        assert Order.objects.get().state == "short"

        orders.stocked(amal, wei, quantity=5, product=product)
        work_off()

        assert Order.objects.get().state == "allocated"


class TestThroughTheApi:
    def test_leads_from_payment_to_a_packed_parcel(self, committed_db: CommittedDatabase, amal: User, wei: User) -> None:
        early, _late = two_lots(amal, wei)
        merchant, warehouse = Program(amal), Program(wei)
        line = {"number": 1, "product": early.product_id, "quantity": 2, "unit_price": "59.90", "freight": "0.00"}
        moments = {"ordered_at": in_days(-0.1), "paid_at": in_days(-0.05), "ship_by": in_days(2), "promised_at": in_days(5)}

        answer = merchant.post("orders/", {"orders": [{"number": "SHOP-1", "recipient": PLACE, "lines": [line]} | moments]})
        work_off()

        order = merchant.get(f"orders/{answer['orders'][0]['id']}/")
        assert (order["source"], order["state"], order["goods"], order["recipient"]["name"]) == ("HEJIAN", "allocated", "119.80", "肖*")
        [parcel] = warehouse.get("parcels/?state=picking")["results"]
        [content] = parcel["goods"]
        assert (parcel["order_number"], content["lot_number"], content["quantity"]) == ("SHOP-1", "HJ-EARLY", 2)
        path = f"parcels/{parcel['id']}"
        warehouse.post(f"{path}/start-picking/")
        warehouse.post(f"{path}/pick/")
        wrong = {"code": early.product.gtin, "lot_number": "HJ-LATE", "quantity": 1}
        assert warehouse.post(f"{path}/scan/", wrong, expected=409)["code"] == "wrong_lot"
        warehouse.post(f"{path}/scan/", wrong | {"lot_number": "HJ-EARLY", "quantity": 2})
        packed = warehouse.post(f"{path}/pack/", {"measured_weight_g": 310})

        assert (packed["state"], merchant.get(f"orders/{order['id']}/")["state"]) == ("packed", "packed")
        assert "1201" not in str(packed)


@pytest.fixture(params=IN_ENGLISH)
def walk(request: Any, browser: Browser, live_server: Any) -> Walk:
    return Walk(browser, live_server.url, request.param)


@pytest.mark.long
class TestInTheBrowser:
    WORDS = {
        "zh-hans": {"picked": "全部已拣", "not_here": "没有分配给这个包裹", "packed": "已打包", "masked": "肖*"},
        "en": {"picked": "All of it is picked", "not_here": "was not allocated to this parcel", "packed": "Packed", "masked": "肖*"},
    }

    def test_is_picked_and_packed_by_scan(self, walk: Walk, amal: User, eve: User, wei: User) -> None:
        early, _late = two_lots(amal, wei)
        orders.taken(eve, (early.product, 2), promised_at=timezone.now() + timedelta(days=5))
        work_off()
        words, parcel = self.WORDS[walk.language], Parcel.objects.get()
        page = walk.as_(wei)

        page.goto(f"{walk.address}/parcels/to-pick/")
        assert "HJ-EARLY" in page.inner_text("main")
        page.get_by_role("button", name=words["picked"]).press("Enter")
        page.wait_for_url("**/parcels/to-pack/")
        self.type_in(page, "#scan", parcel.code)
        page.wait_for_url(f"**/parcels/{parcel.pk}/pack/")
        self.type_in(page, "#scan", early.product.gtin)
        self.put_in(page, "HJ-LATE", "1")
        page.wait_for_selector("[role=alert]")
        assert words["not_here"] in page.inner_text("[role=alert]")
        self.put_in(page, "HJ-EARLY", "2")
        self.type_in(page, "[name=measured_weight_g]", "310")
        page.wait_for_url("**/parcels/to-pack/")

        parcel.refresh_from_db()
        assert (parcel.state, parcel.measured_weight_g) == ("packed", 310)
        desk = walk.as_(amal)
        desk.goto(f"{walk.address}/orders/")
        keys.press(desk, desk.locator("#rows a").first)
        desk.wait_for_url("**/orders/*/")
        shown = desk.inner_text("main")
        assert (words["packed"] in shown, words["masked"] in shown, "1201" in shown) == (True, True, False)
        phone = walk.as_(wei, width=390)
        for address in ("parcels/", "parcels/to-pick/", "parcels/to-pack/", f"parcels/{parcel.pk}/", f"parcels/{parcel.pk}/pack/"):
            phone.goto(f"{walk.address}/{address}")
            assert phone.evaluate("document.documentElement.scrollWidth") <= 390, address

    def type_in(self, page: Page, field: str, text: str) -> None:
        page.wait_for_selector(f"{field}:focus")
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    def put_in(self, page: Page, lot: str, units: str) -> None:
        page.wait_for_selector("[name=lot_number]:focus")
        for text in (lot, units):
            page.keyboard.press("Control+A")
            page.keyboard.type(text, delay=60)
            page.keyboard.press("Enter")
