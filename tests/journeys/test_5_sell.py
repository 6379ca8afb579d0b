"""Journey 5: a streamer searches, compares, reads the talk-sheet, checks a script and chooses; through the API and in the browser."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assurance.badges import actions as badges
from assurance.catalog import tasks
from assurance.catalog.models import CatalogEntry, SelectionList, TalkSheet
from assurance.gates.actions import open_stop
from tests import doors, enrolments, goods
from tests.harness.browser import barriers
from tests.journeys.jobs import work_off
from tests.journeys.test_in_the_browser import IN_ENGLISH, Walk
from warehouse.stock.tasks import report_sellable

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User

SCRIPT = "这是市面上最温和的洁面，每一支都检过。快递会送到最后一公里。"


@pytest.fixture
def two_products(amal: User, dana: User, wei: User, bo: User, db: None) -> list[CatalogEntry]:
    """Two products of one merchant, enrolled, inspected, with badges and stock that the warehouse reported."""
    enrolments.load_categories()
    for name, price in (("氨基酸洁面乳", "59.90"), ("舒缓面霜", "128.00")):
        enrolment = enrolments.approved(amal, dana, name=name, name_en="", price=price, commission_rate="0.2")
        inspection = goods.accepted(amal, wei, bo, product=enrolment.product, expiry_date=timezone.localdate() + timedelta(days=900))
        ids = {"clearance_id": inspection.clearance_id, "evidence_entry_id": inspection.evidence_entry_id}
        badges.issue(**ids, at=timezone.now())  # type: ignore[arg-type]
    report_sellable()
    work_off()
    tasks.follow_stock()
    return list(CatalogEntry.objects.order_by("id"))


class TestByTheApi:
    @pytest.mark.row("P12.2")
    def test_leads_from_a_search_to_a_list(self, two_products: list[CatalogEntry], mei: User) -> None:
        studio = doors.Api(mei)

        found = studio.get(
            "/catalog/", q="洁面", valid="true", in_stock="true", price_to="100.00", commission_from="0.15", days="180"
        ).json()
        assert [(one["name"], one["price"], one["badge_status"], one["sellable_units"]) for one in found["results"]] == [
            ("氨基酸洁面乳", "59.90", "valid", 1000)
        ]
        one = found["results"][0]
        assert (one["sides"], one["at_most_percent"], one["may_be_chosen"], one["commission_rate"]) == ("1000", "3.7", True, "0.200000")
        assert "cost" not in one
        sheet = studio.post(f"/catalog/{one['id']}/talk-sheet/").json()
        assert sheet["sha256"] == TalkSheet.objects.get().sha256
        assert sheet["content"]["may"][0]["proof"].startswith("Evidence entry")
        findings = studio.post("/catalog/check-script/", {"script": SCRIPT}).json()["findings"]
        assert [(flaw["words"], flaw["level"]) for flaw in findings] == [("最温和", "high"), ("每一支都检", "high")]
        assert SCRIPT[findings[0]["start"] : findings[0]["end"]] == "最温和"
        listed = studio.post("/selections/", {"name": "今晚"}).json()
        chosen = studio.post(f"/selections/{listed['id']}/add/", {"entries": [entry.pk for entry in two_products]})
        assert chosen.json()["products"] == [entry.pk for entry in two_products]

    @pytest.mark.row("P12.4")
    def test_refuses_what_was_stopped_a_moment_ago_and_says_why(self, two_products: list[CatalogEntry], mei: User) -> None:
        entry, studio = two_products[0], doors.Api(mei)
        listed = studio.post("/selections/", {"name": "今晚"}).json()
        about = {"merchant_id": entry.merchant_id, "product_id": entry.product_id}
        open_stop(**about, code="complaints", because="Being retested.", actor=None, at=timezone.now())

        one = studio.get(f"/catalog/{entry.pk}/").json()
        refused = studio.post(f"/selections/{listed['id']}/add/", {"entries": [entry.pk]})

        assert (one["badge_status"], one["may_be_chosen"], one["obstacle"]) == ("suspended", False, "badge_suspended")
        assert doors.said(refused) == (409, "cannot_be_chosen")
        assert "Being retested." in refused.json()["detail"]


@pytest.mark.long
class TestInTheBrowser:
    @pytest.fixture(params=IN_ENGLISH)
    def walk(self, request: Any, browser: Browser, live_server: Any) -> Walk:
        return Walk(browser, live_server.url, request.param)

    @pytest.mark.row("P12.1")
    def test_leads_from_a_search_to_a_list(self, walk: Walk, two_products: list[CatalogEntry], mei: User) -> None:
        words = WORDS[walk.language]
        page = walk.as_(mei)
        page.goto(walk.address + reverse("catalog:lists"))
        page.fill("#id_name", "今晚")
        page.get_by_role("button", name=words["begin"]).click()
        page.wait_for_url("**/catalogue/lists/*/")

        page.goto(walk.address + reverse("catalog:search"))
        assert page.locator(".w-card").count() == 2
        page.fill("#id_q", "洁面")
        expect(page.locator(".w-card")).to_have_count(1)
        assert clean(page)
        page.fill("#id_q", "")
        expect(page.locator(".w-card")).to_have_count(2)
        for box in page.locator(".w-card input[name=entry]").all():
            box.check()
        page.get_by_role("button", name=words["compare"]).click()
        page.wait_for_url("**/catalogue/compare/**")
        expect(page.locator("thead th")).to_have_count(2)
        assert clean(page)

        page.goto(walk.address + reverse("catalog:talk-sheet", args=[two_products[0].pk]))
        assert words["may"] in page.inner_text("main")
        page.fill("#id_script", SCRIPT)
        page.get_by_role("button", name=words["check"], exact=True).click()
        page.wait_for_selector("mark.w-fail")
        assert [mark.inner_text().rstrip("12") for mark in page.locator("mark").all()] == ["最温和", "每一支都检"]
        assert clean(page)

        page.goto(walk.address + reverse("catalog:show", args=[two_products[0].pk]))
        assert clean(page)
        page.get_by_role("button", name=words["put"]).click()
        page.wait_for_url("**/catalogue/lists/*/")
        assert clean(page)
        assert SelectionList.objects.get().selections.get().entry == two_products[0]

        page.goto(walk.address + "/")
        assert clean(page)
        page.set_viewport_size({"width": 390, "height": 844})
        for route in ("catalog:search", "catalog:lists", "catalog:check-script"):
            page.goto(walk.address + reverse(route))
            assert clean(page)


WORDS = {
    "zh-hans": {"begin": "新建清单", "compare": "对比", "may": "可以说", "check": "检查", "put": "加入清单"},
    "en": {"begin": "Begin a list", "compare": "Compare", "may": "May be said", "check": "Check", "put": "Put on the list"},
}


def clean(page: Page) -> bool:
    """Say that nothing scrolls sideways and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert barriers(page) == []
    return True
