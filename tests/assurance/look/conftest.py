"""A browser's window on the pages under test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

EXPECTED = ("Failed to load resource", "Response Status Error Code")
"""What the console says of an answer that is not a success; the tests look at what the page makes of it."""


@pytest.fixture
def screen(browser: Browser, live_server):
    """Open a page at a width, in a theme and a language; whatever the console complains about fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def look(
        path: str, *, width: int = 1280, theme: Literal["light", "dark"] = "light", language: str = "zh-hans", session: str = ""
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme, has_touch=width < 720)
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        if session:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path, wait_until="load")
        return page

    yield look
    for context in opened:
        context.close()
    assert [text for text in complaints if not text.startswith(EXPECTED)] == []


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def chinese():
    with translation.override("zh-hans"):
        yield
