"""The parts of pages in a real browser: readable, reachable, and fit for every width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from assurance.guide import PAGES
from tests.harness.browser import barriers

if TYPE_CHECKING:
    pass

SMALL = """() => [...document.querySelectorAll("a, button, summary, input, select, textarea")]
  .filter((e) => !e.matches("[type=hidden], [type=checkbox], [type=radio]"))
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("p, .w-skip, .w-toasts"))
  .map((e) => [e.getBoundingClientRect(), e])
  .filter(([box]) => box.width > 0 && (box.height < 43.5 || box.width < 23.5))
  .map(([box, e]) => [e.className, e.textContent.trim().slice(0, 20), Math.round(box.width), Math.round(box.height)].join(" "))"""


@pytest.mark.parametrize("part", PAGES)
class TestEveryPart:
    @pytest.mark.parametrize(
        ("width", "theme", "language"),
        [
            (390, "light", "zh-hans"),
            pytest.param(1280, "light", "zh-hans", marks=pytest.mark.exhaustive),
            pytest.param(1280, "dark", "en", marks=pytest.mark.exhaustive),
        ],
    )
    def test_is_accessible(self, screen, part, width, theme, language):
        page = screen(f"/guide/{part}/", width=width, theme=theme, language=language)

        assert page.get_attribute("html", "data-bs-theme") == theme
        assert barriers(page) == []

    @pytest.mark.parametrize("language", ["en", pytest.param("zh-hans", marks=pytest.mark.exhaustive)])
    def test_fits_every_width_and_finger(self, screen, part, language):
        page = screen(f"/guide/{part}/", width=360, language=language)

        assert page.evaluate(SMALL) == []
        for width in (360, 768, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


class TestTheTheme:
    def test_is_remembered_and_set_before_anything_is_painted(self, screen):
        page = screen("/guide/parts/")
        page.evaluate("localStorage.setItem('theme', 'dark')")
        page.add_init_script("new MutationObserver(() => { window.first ??= document.body && document.documentElement.dataset.bsTheme; })"
                             ".observe(document, { childList: true, subtree: true })")  # fmt: skip
        page.reload()

        assert page.evaluate("window.first") == "dark"

    def test_of_a_public_page_follows_the_system(self, screen):
        page = screen("/guide/public/", theme="light")
        page.evaluate("localStorage.setItem('theme', 'dark')")
        page.reload()

        assert page.get_attribute("html", "data-bs-theme") == "light"


class TestTheHouseAroundAPage:
    @pytest.fixture
    def session(self, live_server, client, amal) -> str:
        client.force_login(amal)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def test_changes_its_language_where_one_is(self, screen):
        page = screen("/guide/public/", language="zh-hans")

        page.click("button[name=language][value=en]")

        assert page.get_attribute("html", "lang") == "en"
        assert page.url.endswith("/guide/public/")

    def test_has_a_menu_for_the_keyboard(self, screen, session):
        page = screen("/guide/parts/", session=session)
        summary = page.locator("summary.w-who")

        summary.focus()
        page.keyboard.press("Enter")
        assert page.locator("[data-theme=dark]").is_visible()
        page.keyboard.press("Escape")

        assert not page.locator("[data-theme=dark]").is_visible()
        assert summary.evaluate("(element) => element === document.activeElement")

    def test_keeps_the_chosen_brightness(self, screen, session):
        page = screen("/guide/parts/", session=session)

        page.click("summary.w-who")
        page.click("[data-theme=dark]")
        page.reload()

        assert page.get_attribute("html", "data-bs-theme") == "dark"
        assert page.get_attribute("[data-theme=dark]", "aria-pressed") == "true"

    def test_has_its_ways_at_the_thumb_on_a_phone(self, screen, session):
        page = screen("/", width=390, session=session)
        dock = page.locator(".w-nav").bounding_box()

        assert page.get_attribute(".w-nav [aria-current=page]", "href") == "/"
        assert dock["y"] + dock["height"] == pytest.approx(800)
        page.click(".w-nav summary")
        assert page.locator(".w-nav .w-menu-pop").is_visible()
        assert page.evaluate(SMALL) == []
        assert barriers(page) == []
