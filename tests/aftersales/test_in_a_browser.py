"""Every page of cases is readable at every width, in light and dark, in both languages; axe finds nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aftersales.cases import actions
from aftersales.cases.actions import Finished, Said
from aftersales.cases.models import Case, Inquiry
from tests import cases
from tests.harness.browser import barriers
from tests.journeys.test_7_after_sales import REASON, on_the_way

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User

pytestmark = pytest.mark.long
Look = Callable[..., "Page"]


@pytest.fixture
def look(browser: Browser, live_server: Any) -> Iterator[Look]:
    """Open a page as somebody, or as nobody; whatever the console complains about fails the test."""
    complaints: list[str] = []

    def open_page(person: User | None, path: str, *, width: int = 1280, theme: Any = "light", language: str = "en") -> Page:
        locale = "zh-CN" if language == "zh-hans" else "en-GB"
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme, locale=locale)
        if person is not None:
            person.language = language
            person.save(update_fields=["language"])
            client = Client()
            client.force_login(person)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(live_server.url + path, wait_until="networkidle")
        if folder := os.environ.get("LOOK"):
            name = f"{path.strip('/').replace('/', '-')[:30]}-{person.name if person else 'nobody'}-{width}-{theme}-{language}"
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        return page

    yield open_page
    assert complaints == []


@pytest.fixture
def shown(amal: User, wei: User, bo: User, cai: User, rui: User) -> tuple[list[Case], str]:
    """A new case, one that waits, one that is proposed, one that is decided, and a buyer's link to the last."""
    parcel = on_the_way(amal, wei, bo).parcel
    now = timezone.now()
    made = [cases.opened(parcel, cai, at=now) for _ in range(3)]
    token = actions.ask(order_number=parcel.order.number, phone_tail=cases.TAIL, kind="quality", body="管尾漏了。", at=now)
    last = actions.judge_inquiry(inquiry_id=Inquiry.objects.get().pk, at=now)
    assert last is not None
    actions.claim([made[1].pk, made[2].pk, last.pk], actor=cai, at=now)
    cases.asked(made[1], cai, at=now)
    cases.proposed(made[2], cai, reason=REASON, at=now)
    actions.write([Said(last.pk, "请发一张照片。", to_buyer=True)], actor=cai, at=now)
    decision = cases.proposed(last, cai, reason=REASON, outcome="return_refund", at=now)
    actions.decide([decision.pk], actor=rui, at=now)
    actions.finish_remedies([Finished(last.remedies.get(kind="refund").pk, "RF-1")], actor=cai, at=now)
    return [*made, last], token


def clean(page: Page, width: int) -> None:
    """Say that nothing scrolls sideways and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == []


class TestThePages:
    @pytest.mark.parametrize(
        ("width", "theme", "language"),
        [
            (390, "dark", "zh-hans"),
            pytest.param(1280, "light", "zh-hans", marks=pytest.mark.exhaustive),
            pytest.param(360, "light", "en", marks=pytest.mark.exhaustive),
        ],
    )
    def test_are_readable(
        self, look: Look, shown: Any, cai: User, rui: User, amal: User, eve: User, width: int, theme: str, language: str
    ) -> None:
        (new, waiting, proposed, decided), token = shown

        def show(case: Case) -> str:
            return reverse("cases:show", args=[case.pk])

        pages = [
            (cai, "/"),
            (rui, "/"),
            (cai, reverse("cases:list") + "?tab=desk"),
            (cai, reverse("cases:open")),
            (cai, show(new)),
            (cai, show(waiting)),
            (rui, show(proposed)),
            (cai, show(decided)),
            (amal, reverse("cases:list")),
            (amal, show(waiting)),
            (amal, show(decided)),
            (eve, reverse("signals:list")),
            (eve, reverse("signals:switch", args=["late_parcel"])),
            (None, reverse("cases:ask")),
            (None, reverse("cases:follow", args=[token])),
        ]
        for person, path in pages:
            clean(look(person, path, width=width, theme=theme, language=language), width)
