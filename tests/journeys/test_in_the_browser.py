"""The first path in a real browser, in Chinese and in English, each step by the person it belongs to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.badges.models import Badge
from assurance.products.models import Product
from qc.inspections.models import Inspection
from tests import enrolments as made
from tests import goods
from tests.journeys.jobs import work_off

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import Organisation, User

pytestmark = pytest.mark.long

PASSWORD = "a-long-way-to-the-badge"
UNITS = 8
WORDS = {
    "zh-hans": {
        "submit": "提交",
        "claim": "领取",
        "approve": "通过",
        "valid": "保障有效",
    },
    "en": {
        "submit": "submit",
        "claim": "Claim",
        "approve": "Approve",
        "valid": "The badge is valid",
    },
}


IN_CHINESE = ["zh-hans", pytest.param("en", marks=pytest.mark.exhaustive)]
IN_ENGLISH = ["en", pytest.param("zh-hans", marks=pytest.mark.exhaustive)]
"""In which language a journey is walked every time; the first path is walked in both."""


class Walk:
    """One browser per person."""

    def __init__(self, browser: Browser, address: str, language: str) -> None:
        self.browser, self.address, self.language = browser, address, language
        self.words = WORDS[language]

    def as_(self, person: User, *, width: int = 1280) -> Page:
        """Open the front door as this person, who is signed in and reads the language of the walk."""
        person.language = self.language
        person.save(update_fields=["language"])
        client = Client()
        client.force_login(person)
        page = self.open(width=width)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.address}])
        return page

    def signed_in(self, person: User) -> Page:
        """Open the front door and sign in by the form."""
        person.language = self.language
        person.set_password(PASSWORD)
        person.save(update_fields=["language", "password"])
        page = self.open(width=1280)
        page.goto(f"{self.address}/accounts/login/")
        page.fill("input[name=login]", person.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{self.address}/")
        return page

    def open(self, *, width: int) -> Page:
        locale = "zh-CN" if self.language == "zh-hans" else "en-GB"
        page = self.browser.new_context(viewport={"width": width, "height": 844}, locale=locale).new_page()
        page.set_default_timeout(15_000)
        return page


@pytest.fixture(params=["zh-hans", "en"])
def walk(request: Any, browser: Browser, live_server: Any) -> Walk:
    return Walk(browser, live_server.url, request.param)


class TestTheFirstPath:
    def test_leads_from_a_product_to_a_badge_on_a_phone(
        self, walk: Walk, amal: User, dana: User, wei: User, bo: User, xiaoshan: Organisation
    ) -> None:
        made.load_categories()
        made.load_agreement()
        goods.catalogue()
        self.enrol(walk, amal)
        self.review(walk, dana)
        self.announce(walk, amal, xiaoshan)
        self.receive(walk, wei)
        self.inspect(walk, bo)

        phone = walk.open(width=390)
        phone.goto(f"{walk.address}/verify/{Badge.objects.get().code}/")
        assert walk.words["valid"] in phone.inner_text("h1")
        assert "HJ261105B" in phone.inner_text("main")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    def enrol(self, walk: Walk, amal: User) -> None:
        page = walk.signed_in(amal)
        page.goto(f"{walk.address}/enrolments/new/")
        page.select_option("[name=category]", "skincare")
        page.wait_for_selector("[name='attributes.registration'], [name=attribute_registration], [name='attributes-registration']")
        values = made.values(category=None)
        for name in ("sku", "name", "gtin", "specification", "shelf_life_days", "price"):
            page.fill(f"[name={name}]", str(values[name]))
        for key, value in made.SKINCARE.items():
            page.fill(f"[name$='{key}']", value)
        page.get_by_role("button", name=walk.words["submit"]).last.click()
        page.wait_for_url("**/enrolments/*/check/")
        made.prove(Product.objects.get(), amal)
        page.reload()
        page.fill("#id_name", amal.name)
        page.check("#id_accepts")
        page.get_by_role("button", name=walk.words["submit"]).last.click()
        page.wait_for_url("**/enrolments/*/")
        work_off()

    def review(self, walk: Walk, dana: User) -> None:
        page = walk.signed_in(dana)
        page.goto(walk.address + reverse("enrollment:queue"))
        page.locator("#rows a").first.click()
        page.get_by_role("button", name=walk.words["claim"]).click()
        page.get_by_role("button", name=walk.words["approve"], exact=True).click()
        page.wait_for_load_state()
        work_off()

    def announce(self, walk: Walk, amal: User, xiaoshan: Organisation) -> None:
        page = walk.signed_in(amal)
        today = timezone.localdate()
        page.goto(f"{walk.address}/shipments/new/")
        page.select_option("[name=warehouse]", index=1)
        page.fill("[name=expected_date]", str(today))
        page.fill("[name=reference]", "PO-1")
        line = page.locator("fieldset").first
        line.locator("select[name$=product]").select_option(index=1)
        line.locator("[name$=lot_number]").fill("HJ261105B")
        line.locator("[name$=produced_date]").fill(str(today - timedelta(days=15)))
        line.locator("[name$=expiry_date]").fill(str(today + timedelta(days=1000)))
        line.locator("[name$=quantity]").fill(str(UNITS))
        page.locator("form .w-foot .w-btn-main").click()
        page.wait_for_url("**/shipments/*/")
        work_off()

    def receive(self, walk: Walk, wei: User) -> None:
        """By keyboard alone: the scanner types the code and presses Enter."""
        page = walk.signed_in(wei)
        page.goto(f"{walk.address}/shipments/")
        page.locator("#rows a").first.click()
        page.locator("a[href*='/receive']").first.click()
        page.wait_for_selector("#scan:focus")
        page.keyboard.type(made.GTIN)
        page.keyboard.press("Enter")
        page.wait_for_selector("[name=lot_number]")
        page.fill("[name=lot_number]", "HJ261105B")
        page.fill("[name=expiry_date]", str(timezone.localdate() + timedelta(days=1000)))
        page.fill("[name=quantity]", str(UNITS))
        page.press("[name=quantity]", "Enter")
        page.wait_for_selector(".w-note.w-pass")
        work_off()

    def inspect(self, walk: Walk, bo: User) -> None:
        """With the keys 1 and Enter alone."""
        page = walk.signed_in(bo)
        inspection = Inspection.objects.get()
        page.goto(f"{walk.address}/inspections/")
        page.locator(f"button[form=claim-{inspection.pk}]").click()
        page.wait_for_url("**/work/")
        for number in range(1, inspection.sample_size + 1):
            page.wait_for_selector(f"#conforming input[name=number][value='{number}']", state="attached")
            page.keyboard.press("1")
            if number == inspection.sample_size:
                page.wait_for_selector("#confirm[open]")
                page.keyboard.press("Tab")
                page.locator("#confirm [value=yes]").press("Enter")
        page.wait_for_url(walk.address + reverse("inspections:show", args=[inspection.pk]))
        inspection.refresh_from_db()
        assert inspection.state == "accepted"
        work_off()
