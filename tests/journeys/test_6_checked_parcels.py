"""Journey 6, the outbound check: a packed parcel is looked at point by point and may leave, or is packed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from qc.checks.models import OutboundCheck
from qc.nonconformance.models import NonConformance
from tests import checks, goods, orders
from tests.checks import IN_ORDER
from tests.doors import Api
from tests.journeys import keys
from tests.journeys.jobs import work_off
from tests.journeys.test_in_the_browser import IN_CHINESE, Walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assurance.accounts.models import User
    from tests.harness.databases import CommittedDatabase
    from warehouse.orders.models import Parcel

WORDS = {
    "zh-hans": {"may_leave": "检验合格，请贴面单封箱", "aside": "检验不合格", "again": "需重新打包"},
    "en": {"may_leave": "is in order: seal it with its label", "aside": "is not in order", "again": "must be unpacked and packed again"},
}


def packed(amal: User, wei: User) -> Parcel:
    goods.catalogue()
    checks.lists()
    return checks.packed(amal, wei, orders.stocked(amal, wei))


class TestThroughTheApi:
    @pytest.mark.row("P7.2")
    def test_a_parcel_that_passes_may_leave(self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User) -> None:
        parcel = packed(amal, wei)
        photo = Api(bo).upload("/files/", file=checks_photo()).json()["id"]
        found = {"parcel": parcel.pk, "answers": IN_ORDER, "photos": [{"point": "outer_packaging", "files": [photo]}]}

        [check] = Api(bo).post("/outbound-checks/", {"checks": [found]}).json()["checks"]
        work_off()

        assert (check["verdict"], check["photos"]) == ("passed", [{"point": "outer_packaging", "file": photo}])
        shown = Api(wei).get(f"/parcels/{parcel.pk}/").json()
        assert shown["state"] == "checked"
        assert Api(amal).get(f"/outbound-checks/{check['id']}/").json()["because"] == "All 5 points are in order."


def checks_photo() -> Any:
    from tests.access_objects import picture

    return picture()


@pytest.fixture(params=IN_CHINESE)
def walk(request: Any, browser: Browser, live_server: Any) -> Walk:
    return Walk(browser, live_server.url, request.param)


@pytest.mark.long
class TestInTheBrowser:
    def test_a_parcel_is_checked_by_keys_alone_and_one_that_fails_is_packed_again(
        self, walk: Walk, amal: User, wei: User, bo: User
    ) -> None:
        words = WORDS[walk.language]
        first = packed(amal, wei)
        lot = first.items.get().lot
        second = checks.packed(amal, wei, lot)
        page = walk.as_(bo)
        page.goto(walk.address + reverse("checks:station"))

        self.scan(page, first)
        for key in "11111":
            page.keyboard.press(key, delay=80)
        page.keyboard.press("Enter")
        page.wait_for_selector(".w-note.w-pass")
        assert words["may_leave"] in page.inner_text("main")
        assert OutboundCheck.objects.get(parcel=first).has_passed

        self.scan(page, second)
        for key in "11211":
            page.keyboard.press(key, delay=80)
        page.keyboard.press("Enter")
        page.wait_for_selector(".w-note.w-fail")
        assert words["aside"] in page.inner_text("main")
        keys.press(page, page.locator(".w-note.w-fail a"))
        page.wait_for_url("**/checks/*/")
        assert words["again"] in page.inner_text("main")
        assert NonConformance.objects.get(parcel=second).state == "open"
        work_off()

        phone = walk.as_(amal, width=390)
        phone.goto(walk.address + reverse("checks:list"))
        assert second.code in phone.inner_text("main")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    def scan(self, page: Any, parcel: Parcel) -> None:
        page.wait_for_selector("#scan")
        page.keyboard.type(parcel.code)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{reverse('checks:work', args=[parcel.pk])}")
        page.wait_for_selector(".c-current")
