"""The pages of papers in a real browser: the merchant hands one in on a phone, the reviewer verifies it at a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse

from assurance.qualification.models import QualificationPaper
from tests import doors, papers
from tests.enrolments import picture
from tests.harness.browser import arrived, barriers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User

OVER = "document.documentElement.scrollWidth - innerWidth"


@pytest.mark.long
@pytest.mark.row("P1.4")
def test_a_paper_goes_from_the_phone_of_the_merchant_over_the_desk_of_the_reviewer(browser: Browser, live_server, merchant, dana) -> None:
    def open_as(user: User, path: str, width: int) -> Page:
        type(user).objects.filter(pk=user.pk).update(language="zh-hans")
        context = browser.new_context(viewport={"width": width, "height": 900})
        session = doors.browser(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path)
        arrived(page)
        return page

    papers.verified(merchant, dana, until_date=papers.TODAY)
    phone = open_as(merchant, reverse("qualification:show"), 390)
    assert (phone.evaluate(OVER) <= 0, barriers(phone)) == (True, [])
    phone.click("text=商标注册证")
    phone.fill("[name=number]", "12345678")
    phone.fill("[name=issuer]", "国家知识产权局")
    phone.fill("[name=brand]", "禾见")
    phone.fill("[name=from_date]", "2025-01-01")
    phone.fill("[name=until_date]", "2024-01-01")
    phone.set_input_files("[name=file]", {"name": "trademark.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(400, 300))})
    assert (phone.evaluate(OVER) <= 0, barriers(phone)) == (True, [])
    phone.click("text=提交")
    phone.wait_for_selector("text=到期日早于生效日")
    phone.fill("[name=until_date]", "2034-01-01")
    phone.set_input_files("[name=file]", {"name": "trademark.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(400, 300))})
    phone.click("text=提交")
    phone.wait_for_selector("text=待核验")
    paper = QualificationPaper.objects.get(kind="trademark")

    desk = open_as(dana, reverse("qualification:paper", args=[paper.pk]), 1280)
    assert (desk.evaluate(OVER) <= 0, barriers(desk)) == (True, [])
    desk.click("button:has-text('核验')")
    desk.wait_for_url("**" + reverse("qualification:queue"))

    paper.refresh_from_db()
    assert paper.state == "verified"
    shop = open_as(dana, reverse("qualification:merchant", args=[merchant.organisation_id]), 390)
    assert (shop.evaluate(OVER) <= 0, barriers(shop)) == (True, [])
