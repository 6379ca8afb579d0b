"""The pages of accounts in a real browser: both languages, light and dark, phone and desk, and a way through without a mouse."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.accounts.actions import keys, people
from assurance.accounts.links import invitation_token
from assurance.accounts.models import User
from assurance.roles import Kind, Role
from tests import factories
from tests.assurance.accounts.conftest import PASSWORD, code_now, with_password
from tests.assurance.look.conftest import screen
from tests.assurance.look.test_in_a_browser import SMALL
from tests.harness.browser import barriers

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["screen"]
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def house(live_server) -> dict[str, User]:
    """Amal with her people, Eve over all of them."""
    hejian = factories.organisation(Kind.MERCHANT, code="HEJIAN", name="杭州禾见食品有限公司", credit_code="91330109MA2KD00X1H")
    amal = with_password(
        factories.user(Role.MERCHANT_OWNER, hejian, name="王禾", email="amal@hejian.example", phone="+8613800138000", language="zh-hans")
    )
    factories.user(Role.MERCHANT_OPERATOR, hejian, name="安安", email="ann@hejian.example", phone="+8613900139000")
    eve = with_password(
        factories.user(
            Role.PLATFORM_ADMIN,
            factories.organisation(Kind.PLATFORM, name="无忧服务平台"),
            name="伊芙",
            email="eve@wuyou.example",
            language="zh-hans",
        )
    )
    invited = people.invite_person(
        organisation_id=hejian.pk,
        name="陈新",
        email="new@hejian.example",
        phone=None,
        role="merchant_operator",
        language="zh-hans",
        actor=amal,
        at=timezone.now(),
    )
    key, _ = keys.make_key(name="ERP 对接", scopes=["products:read", "inbound:write"], days=90, actor=amal, at=timezone.now())
    keys.rotate_key(key_id=key.pk, actor=amal, at=timezone.now())
    return {"amal": amal, "eve": eve, "invited": invited}


def session(person: User, language: str) -> str:
    User.objects.filter(pk=person.pk).update(language=language)
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (Macintosh) Firefox/140")
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


Address = Callable[[dict[str, User]], str]
ALWAYS = ("login", "me", "people", "set-up")
PAGES: dict[str, tuple[str, Address]] = {
    "register": ("", lambda house: reverse("accounts:register")),
    "registered": ("", lambda house: reverse("accounts:registered")),
    "join": ("", lambda house: reverse("accounts:join", args=[invitation_token(house["invited"].invitations.get())])),
    "login": ("", lambda house: reverse("account_login")),
    "me": ("amal", lambda house: reverse("accounts:me")),
    "keys": ("amal", lambda house: reverse("accounts:keys")),
    "people": ("amal", lambda house: reverse("accounts:members")),
    "person": ("amal", lambda house: reverse("accounts:member", args=[house["invited"].pk])),
    "invite": ("amal", lambda house: reverse("accounts:invite", args=["HEJIAN"])),
    "everybody": ("eve", lambda house: reverse("accounts:members")),
    "stranger": ("eve", lambda house: reverse("accounts:member", args=[house["amal"].pk])),
    "organisations": ("eve", lambda house: reverse("accounts:organisations")),
    "new-organisation": ("eve", lambda house: reverse("accounts:create-organisation")),
    "set-up": ("amal", lambda house: reverse("mfa_activate_totp")),
    "password": ("amal", lambda house: reverse("account_change_password")),
}


def keep(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "theme"), [("zh-hans", "light"), pytest.param("en", "dark", marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("name", [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.exhaustive) for name in PAGES])
@pytest.mark.row("P21.1")
class TestEveryPage:
    def test_is_accessible_and_fits_every_width(self, screen, house, name: str, language: str, theme: str):
        who, address = PAGES[name]
        cookie = session(house[who], language) if who else ""
        page = screen(address(house), language=language, theme=theme, session=cookie)
        assert page.get_attribute("html", "lang") == {"zh-hans": "zh-Hans", "en": "en"}[language]
        assert page.locator("h1").count() == 1
        keep(page, f"{name}-{language}-1280")
        for width in (1280, 768, 360, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        assert barriers(page) == []
        assert page.evaluate(SMALL) == []
        keep(page, f"{name}-{language}-390")


class TestComingIn:
    def test_from_registering_to_the_first_page(self, screen, live_server):
        page = screen("/accounts/login/")
        page.click("text=公司入驻")
        for field, value in {
            "company": "萧山点心坊",
            "credit_code": "91330109MA2KD00X1",
            "name": "沈一",
            "email": "shen@dianxin.example",
            "phone": "139 0013 9000",
            "password": PASSWORD,
        }.items():
            page.fill(f"[name={field}]", value)
        page.keyboard.press("Enter")
        assert "应有 18 位，现在 17 位。" in page.inner_text("#id_credit_code_error")
        keep(page, "register-error")

        page.fill("[name=credit_code]", "91330109MA2KD00X1H")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.click("[data-local-link]")
        page.click("main form button")
        page.fill("[name=login]", "13900139000")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")

        page.wait_for_url(live_server.url + "/")
        assert "萧山点心坊" in page.inner_text("body")

    def test_staff_sets_up_the_second_factor_first(self, screen, house, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        page = screen("/accounts/people/", language="zh-hans")
        page.fill("[name=login]", "eve@wuyou.example")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/second-factor/set-up/**")
        keep(page, "set-up-required")

        page.fill("[name=code]", code_now(page.input_value("#secret")))
        page.keyboard.press("Enter")
        page.wait_for_url("**/second-factor/codes/**")
        keep(page, "codes")
        page.goto(page.url.split("/accounts/")[0] + "/accounts/people/")

        assert "王*" in page.inner_text("main")


class TestAKey:
    def test_is_made_and_shown_once(self, screen, house):
        page = screen("/accounts/me/keys/", session=session(house["amal"], "zh-hans"))
        page.fill("[name=name]", "仓库看板")
        page.check("[value='stock:read']")
        page.click("text=生成密钥") if page.locator("text=生成密钥").count() else page.click("form[aria-labelledby=new-key] button")

        assert page.input_value("#secret").startswith("wy_")
        assert barriers(page) == []
        keep(page, "key-secret")
