"""Journey 7, the way back: a return is received, inspected beside its outbound record, graded, and restocked, sent back or destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from assurance.evidence.models import EvidenceEntry, Fact
from assurance.fees.models import Operation
from assurance.notices.models import Notice
from qc.returned.models import ReturnInspection
from tests import checks, goods, orders
from tests.checks import AS_NEW
from tests.doors import Api
from tests.journeys.jobs import work_off
from tests.journeys.test_in_the_browser import IN_CHINESE, Walk
from warehouse.returns.models import ReturnParcel, ReturnUnit
from warehouse.stock.custody import Custody
from warehouse.stock.queries import balance

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase
    from warehouse.orders.models import Parcel
    from warehouse.stock.models import Lot

WORDS = {
    "zh-hans": {"record": "记录并定级", "decide": "确定", "seal": "封签", "worse": "变差", "grade": "B", "party": "消费者"},
    "en": {"record": "Record and grade", "decide": "Decide", "seal": "Seal", "worse": "Worse", "grade": "B", "party": "Consumer"},
}


def shipped(amal: User, wei: User, bo: User, units: int) -> tuple[Lot, Parcel]:
    goods.catalogue()
    checks.lists()
    lot = orders.stocked(amal, wei)
    return lot, checks.shipped(amal, wei, bo, lot, units)


class TestThroughTheApi:
    @pytest.mark.row("P5.2", "P8.2", "P8.5")
    def test_three_units_come_back_and_go_three_ways(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, bea: User
    ) -> None:
        lot, parcel = shipped(amal, wei, bo, 3)
        merchant, warehouse, inspector = Api(amal), Api(wei), Api(bo)

        announced = merchant.post("/returns/", {"parcel": parcel.pk, "reference": "case:1", "buyer_reason": "quality"}).json()
        scans = [{"code": lot.product.sku, "lot_number": lot.number, "quantity": 3}]
        units = warehouse.post("/returns/receive/", {"parcel": parcel.pk, "units": scans}).json()["units"]
        assert balance(lot, Custody.PENDING) == 3
        for unit, answers in zip(units, ({}, {"seal": False}, {"shelf_life": False}), strict=True):
            graded = inspector.post(f"/return-units/{unit['id']}/inspect/", {"answers": AS_NEW | answers}).json()
            unit["ways"] = graded["dispositions"]
        assert [unit["ways"][0] for unit in units] == ["restock", "hold", "return_to_merchant"]
        for unit, decision in zip(
            units,
            (
                {"disposition": "restock"},
                {"disposition": "return_to_merchant"},
                {"disposition": "destroy", "reason": "expired", "witness": bea.pk},
            ),
            strict=True,
        ):
            assert inspector.post(f"/return-units/{unit['id']}/dispose/", decision).status_code == 200
        work_off()

        assert merchant.get(f"/returns/{announced['id']}/").json()["state"] == "closed"
        assert {custody: balance(lot, Custody(custody)) for custody in ("pending", "held", "released", "returned", "destroyed")} == {
            "pending": 0,
            "held": 0,
            "released": 98,
            "returned": 1,
            "destroyed": 1,
        }
        assert EvidenceEntry.objects.filter(kind="return_graded", product_id=lot.product_id).count() == 3
        assert Operation.objects.filter(kind__in=("return_operation", "return_check")).count() == 6
        rate = Fact.objects.filter(name="return_rate", subject_id=lot.product_id).latest_of_each().get()
        assert (str(rate.value), rate.sample_size) == ("1.000000", 3)
        assert set(Notice.objects.filter(recipient=amal).values_list("kind", flat=True)) >= {"return_received", "return_graded"}


@pytest.fixture(params=IN_CHINESE)
def walk(request: Any, browser: Browser, live_server: Any) -> Walk:
    return Walk(browser, live_server.url, request.param)


@pytest.mark.long
class TestInTheBrowser:
    @pytest.mark.row("A8.1")
    def test_a_unit_comes_back_is_graded_beside_its_outbound_record_and_sent_back(
        self, walk: Walk, amal: User, wei: User, bo: User
    ) -> None:
        words = WORDS[walk.language]
        lot, parcel = shipped(amal, wei, bo, 1)
        unit = self.receive(walk, wei, lot, parcel)
        page = self.inspect(walk, words, bo, unit)
        self.decide(page, words, unit)

        phone = walk.as_(amal, width=390)
        phone.goto(walk.address + reverse("returned:show", args=[unit.pk]))
        assert words["party"] in phone.inner_text("main")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert balance(lot, Custody.RETURNED) == 1

    def receive(self, walk: Walk, wei: User, lot: Lot, parcel: Parcel) -> ReturnUnit:
        """By scanner and keyboard alone: parcel, product, lot, then T."""
        page = walk.as_(wei)
        page.goto(walk.address + reverse("returns:station"))
        page.wait_for_selector("#scan:focus")
        page.keyboard.type(parcel.code)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{reverse('returns:receive', args=[parcel.pk])}")
        for code, then in ((lot.product.gtin, "[name=held][value]:not([value=''])"), (lot.number, "[name=done]:not([disabled])")):
            page.wait_for_selector("#scan:focus")
            page.keyboard.type(code)
            page.keyboard.press("Enter")
            page.wait_for_selector(then, state="attached")
        page.keyboard.press("t")
        page.wait_for_url("**/returns/*/")
        work_off()
        row = ReturnParcel.objects.get()
        assert row.code in page.inner_text("h1")
        return row.units.get()

    def inspect(self, walk: Walk, words: dict[str, str], bo: User, unit: ReturnUnit) -> Page:
        """With figures alone: the seal is broken, everything else is as it left."""
        page = walk.as_(bo)
        page.goto(walk.address + reverse("returned:list"))
        page.locator(f"a[href='{reverse('returned:inspect', args=[unit.pk])}']").click()
        page.wait_for_selector(".c-current")
        for key in "11121111":  # slower than a scanner types
            page.keyboard.press(key, delay=80)
        page.get_by_role("button", name=words["record"]).click()
        page.wait_for_url(f"**{reverse('returned:show', args=[unit.pk])}")
        assert ReturnInspection.objects.get().grade == "b"
        row = page.locator("tr.c-worse")
        assert words["seal"] in row.inner_text()
        assert words["worse"] in row.inner_text()
        return page

    def decide(self, page: Page, words: dict[str, str], unit: ReturnUnit) -> None:
        assert page.locator("[name=disposition][value=restock]").count() == 0
        page.check("[name=disposition][value=return_to_merchant]", force=True)
        page.locator("form[action$='/decide/'] button").click()
        page.wait_for_load_state()
        unit.refresh_from_db()
        assert unit.state == "returned"
        work_off()
