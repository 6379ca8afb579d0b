"""Journey 6, second half: a checked parcel gets its courier with reasons, label, hand-over, tracking, and is delivered or in trouble."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assurance.events.models import Event
from assurance.fees.models import Operation
from assurance.notices.models import Notice
from logistics.dispatch.models import HandOver, Waybill
from tests import orders, waybills
from tests.doors import Api
from tests.journeys import keys
from tests.journeys.jobs import work_off
from tests.journeys.test_in_the_browser import IN_CHINESE, Walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assurance.accounts.models import Organisation, User
    from tests.harness.databases import CommittedDatabase
    from warehouse.orders.models import Parcel

WORDS = {
    "zh-hans": {
        "choose": "选择快递",
        "print": "打印面单",
        "left": "已出仓",
        "picked_up": "已揽收",
        "delivered": "已签收",
        "cheapest": "最便宜",
    },
    "en": {
        "choose": "Choose couriers",
        "print": "Print label",
        "left": "has left",
        "picked_up": "Picked up",
        "delivered": "Delivered",
        "cheapest": "cheapest",
    },
}


def checked(amal: User, wei: User, shunda: Organisation, other: Organisation) -> Parcel:
    """Return a parcel that passed its outbound check, with two couriers who could take it."""
    waybills.stands_in(wei.organisation)
    waybills.service(shunda, code="std", name="顺达标快", name_en="Shunda standard", prices="economy")
    waybills.service(other, code="fast", name="迅和特快", name_en="Xunhe express", prices="express")
    return waybills.checked(amal, wei, waybills.product(amal, wei))[0]


class TestThroughTheApi:
    def test_leads_from_the_packing_bench_to_the_door(
        self, committed_db: CommittedDatabase, amal: User, wei: User, kai: User, other_agent: User, shunda: Organisation
    ) -> None:
        parcel = checked(amal, wei, shunda, other_agent.organisation)
        warehouse, courier, merchant = Api(wei), Api(kai), Api(amal)

        [booked] = warehouse.post("/waybills/", {"parcels": [parcel.pk], "rule": "cheapest"}).json()
        assert (booked["service"], booked["because"]) == ("std", "顺达标快 is the cheapest of 2: ¥3.50, 2 days.")
        assert [one["code"] for one in booked["alternatives"]["others"]] == ["fast"]
        assert warehouse.post(f"/waybills/{booked['id']}/label/").json()["recipient"] == orders.XIAO.name
        assert warehouse.post("/waybills/hand-over/", {"parcels": [parcel.pk]}).json()[0]["clearance"] == parcel.clearance_id
        now = timezone.now()
        said = [("picked_up", 0), ("departed", 1), ("out_for_delivery", 2), ("delivered", 3)]
        events = [
            {"number": booked["number"], "key": word, "status": word, "occurred_at": (now + timedelta(minutes=n)).isoformat()}
            for word, n in said
        ]
        assert courier.post("/courier-events/", {"events": events[::-1] * 2}).json() == {"new": 4, "repeated": 4, "refused": []}
        work_off()

        assert merchant.get(f"/waybills/{booked['id']}/").json()["state"] == "delivered"
        parcel.refresh_from_db()
        assert (parcel.state, parcel.order.state) == ("handed_over", "delivered")
        assert parcel.delivered_at is not None
        assert set(Operation.objects.values_list("kind", flat=True)) >= {"forward_delivery", "outbound_operation", "service"}
        kinds = set(Event.objects.filter(subject_kind="logistics.waybill").values_list("kind", flat=True))
        assert kinds >= {
            "logistics.waybill.created",
            "logistics.label.printed",
            "logistics.parcel.handed_over",
            "logistics.parcel.delivered",
        }

    def test_tells_merchant_and_courier_of_an_exception(
        self, committed_db: CommittedDatabase, amal: User, wei: User, kai: User, other_agent: User, shunda: Organisation
    ) -> None:
        parcel = checked(amal, wei, shunda, other_agent.organisation)
        [waybill] = waybills.booked(wei, [parcel])
        Api(wei).post("/waybills/hand-over/", {"parcels": [parcel.pk]})
        event = {
            "number": waybill.number,
            "key": "1",
            "status": "疑难",
            "reason": "address_wrong",
            "occurred_at": timezone.now().isoformat(),
        }
        Api(kai).post("/courier-events/", {"events": [event]})
        work_off()

        told = Notice.objects.filter(kind="parcel_exception").order_by("recipient_id")
        assert {one.recipient for one in told} == {amal, kai}
        assert told[0].params["responsible"] == "Recipient"


@pytest.fixture(params=IN_CHINESE)
def walk(request: Any, browser: Browser, live_server: Any) -> Walk:
    return Walk(browser, live_server.url, request.param)


@pytest.mark.long
class TestInTheBrowser:
    def test_leads_from_the_dispatch_desk_to_the_door(
        self, walk: Walk, amal: User, wei: User, kai: User, other_agent: User, shunda: Organisation
    ) -> None:
        words = WORDS[walk.language]
        parcel = checked(amal, wei, shunda, other_agent.organisation)
        waybill = self.dispatch(walk, words, wei, parcel)
        self.hand_over(walk, words, wei, waybill)
        self.scan(walk, words, kai, waybill)

        page = walk.as_(amal, width=390)
        page.goto(walk.address + reverse("tracking:show", args=[waybill.pk]))
        assert words["delivered"] in page.inner_text("h1")
        assert words["cheapest"] not in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        parcel.refresh_from_db()
        assert parcel.delivered_at is not None

    def dispatch(self, walk: Walk, words: dict[str, str], wei: User, parcel: Parcel) -> Waybill:
        """By keyboard alone."""
        page = walk.as_(wei)
        page.goto(walk.address + reverse("dispatch:desk"))
        with page.expect_navigation():
            keys.press(page, page.get_by_role("button", name=words["choose"]))
        waybill = Waybill.objects.get(parcel=parcel)
        keys.press(page, page.get_by_role("link", name=parcel.code))
        page.wait_for_url(f"**{reverse('tracking:show', args=[waybill.pk])}")
        assert words["cheapest"] in page.inner_text("main")
        keys.press(page, page.get_by_role("button", name=words["print"]))
        page.wait_for_selector(".l-label")
        assert orders.XIAO.phone in page.inner_text(".l-label")
        return waybill

    def hand_over(self, walk: Walk, words: dict[str, str], wei: User, waybill: Waybill) -> None:
        """By keyboard alone: the scanner types the number and presses Enter."""
        page = walk.as_(wei)
        page.goto(walk.address + reverse("dispatch:hand-over"))
        page.wait_for_selector("#scan:focus")
        page.keyboard.type("SIM000")
        page.keyboard.press("Enter")
        page.wait_for_selector(".w-note.w-fail")
        page.wait_for_selector("#scan:focus")
        page.keyboard.type(waybill.number)
        page.keyboard.press("Enter")
        page.wait_for_selector(".w-note.w-pass")
        assert words["left"] in page.inner_text(".w-note.w-pass")
        assert HandOver.objects.get().waybill == waybill

    def scan(self, walk: Walk, words: dict[str, str], kai: User, waybill: Waybill) -> None:
        page = walk.as_(kai)
        page.goto(walk.address + reverse("tracking:scan"))
        for status in ("picked_up", "delivered"):
            page.wait_for_selector("#scan:focus")
            keys.choose(page, page.locator("[name=status]"), status)
            keys.reach(page, page.locator("#scan"))
            page.keyboard.type(waybill.number)
            page.keyboard.press("Enter")
            page.locator(".w-note.w-pass", has_text=words[status]).wait_for()
        waybill.refresh_from_db()
        assert waybill.state == "delivered"
