"""The browser of the tests: the one that set-up unpacked, never one from the net."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from tests.harness import session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User

ROOT = Path(__file__).resolve().parents[2]
OVER = "document.documentElement.scrollWidth - innerWidth"
"""How many pixels a page is too wide."""
EXPECTED = ("Failed to load resource", "Response Status Error Code")
"""What the console says of an answer that is not a success; the tests look at what the page makes of it."""
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--no-sandbox",
)


def chromium() -> str:
    """Return the path of the browser.

    :raises FileNotFoundError: if set-up was not run
    """
    for path in (os.environ.get("CHROMIUM", ""), str(ROOT / ".cache" / "chromium"), "/usr/bin/chromium"):
        if path and Path(path).is_file():
            return path
    raise FileNotFoundError("no Chromium: run `make test`, which unpacks it into .cache/chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """pytest-playwright starts the browser with these."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in this thread; the tests' queries are not asynchronous
    return {"executable_path": chromium(), "args": list(QUIET)}


@pytest.fixture
def browser(browser: Browser) -> Iterator[Browser]:
    """The session's browser; windows that a test leaves open would go on asking and drawing during all tests after it."""
    yield browser
    for context in browser.contexts:
        context.close()


def barriers(page: Page) -> list[str]:
    """Return what keeps people out of the page as it stands: broken rules of WCAG 2.2 AA with the part that breaks them.

    Contrast takes twice as long as all other rules together, and comes from the style sheet, which is worked out by itself
    (``look/test_contrast.py``): it is asked of the guide, which shows all parts, and of every third page; ``make proof`` asks everywhere.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if not (session.is_exhaustive() or shows_all_parts(urlsplit(page.url).path)):
        options["rules"] = {"color-contrast": {"enabled": False}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def shows_all_parts(path: str) -> bool:
    """Say whether the page is one of the guide, or one of the third that stands for the others."""
    return path.startswith("/guide/") or crc32(re.sub(r"\d+", "", path).encode()) % 3 == 0


def arrived(page: Page) -> Page:
    """Wait until the page has fetched what it fetches by itself."""
    page.wait_for_load_state("load")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    return page


@contextmanager
def windows(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Lend a function that opens a page as somebody in a window of its own.

    A page that is too wide fails at once; what a script breaks or the content policy refuses fails at the end.
    """
    contexts, complaints = [], []

    def open_as(person: User, path: str, *, width: int = 1280, theme: Any = "light", language: str = "en") -> Page:
        type(person).objects.filter(pk=person.pk).update(language=language)
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        contexts.append(context)
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(address + path)
        assert arrived(page).evaluate(OVER) <= 0
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


class Window:
    """One window at which one person after the other looks at pages; what a page needs is not fetched again for the next one."""

    def __init__(self, browser: Browser, address: str, *, width: int = 1280, theme: Any = "light", language: str = "en") -> None:
        self.address, self.language = address, language
        locale = "zh-CN" if language == "zh-hans" else "en-GB"
        context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=theme, locale=locale)
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._sessions: dict[int, str] = {}

    def show(self, person: User | None, path: str) -> Page:
        """Open a page as this person, or as nobody."""
        self.page.context.clear_cookies()
        if person is not None:
            cookie = self._sessions.get(person.pk) or self._signed_in(person)
            self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.address}])
        self.page.goto(self.address + path)
        return arrived(self.page)

    def _signed_in(self, person: User) -> str:
        type(person).objects.filter(pk=person.pk).update(language=self.language)
        client = Client()
        client.force_login(person)
        self._sessions[person.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self._sessions[person.pk]

    def too_wide(self, *widths: int) -> list[int]:
        """Return the widths at which the page scrolls sideways; it is left at the last one."""
        found = []
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 844})
            if self.page.evaluate(OVER) > 0:
                found.append(width)
        return found

    def close(self) -> None:
        """Close it; what the console complained about on the way fails the test."""
        self.page.context.close()
        assert [said for said in self.complaints if not said.startswith(EXPECTED)] == []
