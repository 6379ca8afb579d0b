"""Everything said here is said in English and in Chinese (P21.1): pages of every role, letters, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from unfold import __path__ as unfold_folder

from assurance import messages
from assurance.access import ACCESS
from assurance.accounts.actions.keys import make_key
from assurance.accounts.mail import send_plain
from assurance.accounts.models import User
from assurance.notices.actions import mail_notice, notify
from assurance.notices.wording import WORDS, english, worded
from assurance.roles import ANONYMOUS, Role
from assurance.runs.kinds import KINDS
from tests import leftovers
from tests.factories import NOON
from tests.harness.demo import demo_month
from tests.readers import browser_of, speaking

if TYPE_CHECKING:
    from tests.leftovers import Written

LANGUAGES = ["zh-hans", "en"]
BOTH = pytest.mark.parametrize("language", LANGUAGES)
WHO = [*sorted(Role), ANONYMOUS]
IN_BOTH = {ANONYMOUS, Role.MERCHANT_OWNER}
LOOKS = [
    pytest.param(who, language, marks=() if who in IN_BOTH or (turn + place + (who == Role.PLATFORM_ADMIN)) % 2 else pytest.mark.exhaustive)
    for turn, who in enumerate(WHO)
    for place, language in enumerate(LANGUAGES)
]
"""Neighbours do the same work: one of them looks in Chinese, the other in English, as do administrator and auditor, who see all there is;
``make proof`` has all look at everything twice."""
pytestmark = pytest.mark.long


# --- every page ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def month(django_db_setup: str, django_db_blocker: DjangoDbBlocker, tmp_path_factory: Any) -> Iterator[dict[str, User | None]]:
    """The demo month in a database of its own, and one person of each role."""
    unhurried = override_settings(API_REQUESTS_PER_SECOND=0)
    with django_db_blocker.unblock(), demo_month(django_db_setup, tmp_path_factory.mktemp("media")), unhurried:
        people: dict[str, User | None] = {role: User.objects.filter(role=role, is_active=True).order_by("id").first() for role in Role}
        yield people | {ANONYMOUS: None}


@pytest.fixture(scope="module")
def written(month: dict[str, User | None]) -> Written:
    return leftovers.Written.in_the_database()


ALIKE = re.compile("account_|mfa_|accounts:(me|key)")
"""Routes that look the same to everybody: the merchant's owner and a visitor look at them."""


def pages_of(client: Client, who: str, *, each: int) -> Iterator[tuple[str, str]]:
    """Yield every page that can be reached from the start and from the routes without arguments, so many of each route."""
    waiting = [reverse("home"), *(reverse(name) for name in ACCESS if is_plain_page(name, who))]
    waiting += [reverse("admin:index")] if who == Role.PLATFORM_ADMIN else []
    seen: dict[str, int] = {}
    known = set(waiting)
    while waiting:
        url = waiting.pop(0)
        try:
            route = resolve(url.partition("?")[0]).view_name
        except Resolver404:
            continue
        if not is_looked_at(route, who) or seen.get(route, 0) >= (1 if route.startswith("admin:") else each):
            continue
        seen[route] = seen.get(route, 0) + 1
        answer = client.get(url)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        html = answer.content.decode()
        yield url, html
        links = [link.replace("&amp;", "&") for link in re.findall(r'(?:href|hx-get)="(/[^"#]*)', html)]
        fresh = [link for link in dict.fromkeys(links) if link not in known]
        known.update(fresh)
        waiting += fresh


UNSEEN = frozenset({"catalog:kept-sheet", "guide", "account_logout", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"})
"""The guide to parts of pages says everything twice; the others change something or are files."""


def is_looked_at(route: str, who: str) -> bool:
    """Say whether this person may see the page and is the one to look at it."""
    if route in UNSEEN or (ALIKE.match(route) and who not in (Role.MERCHANT_OWNER, ANONYMOUS)):
        return False
    if route.startswith("admin:"):  # tests/assurance/test_back_office.py opens every list and every row
        return who == Role.PLATFORM_ADMIN and route in ("admin:index", "admin:assurance_user_changelist", "admin:assurance_event_change")
    return who in ACCESS.get(route, {}).get("GET", ())


def is_plain_page(name: str, who: str) -> bool:
    if name.startswith(("api:", "admin:")) or not is_looked_at(name, who):
        return False
    try:
        reverse(name)
    except NoReverseMatch:  # it has arguments; its pages are reached by links
        return False
    return True


def language_of(html: str) -> str:
    """Return what a page calls its language, in lower case; a fragment does not say."""
    found = re.search('<html lang="([^"]+)"', html)
    return found[1].lower() if found else ""


@pytest.mark.row("P21.1")
class TestEveryPage:
    @pytest.mark.parametrize(("who", "language"), LOOKS)
    @pytest.mark.parametrize("each", [1, pytest.param(3, marks=pytest.mark.exhaustive)])
    def test_speaks_one_language(
        self, month: dict[str, User | None], written: Written, who: str, language: str, each: int, django_db_blocker: DjangoDbBlocker
    ):
        with django_db_blocker.unblock():
            pages = dict(pages_of(browser_of(month[who], language), who, each=each))

            found = {url: left for url, html in pages.items() if (left := leftovers.left_over(html, language, written))}

        assert len(pages) >= 3
        assert found == {}
        assert {url: lang for url, html in pages.items() if (lang := language_of(html)) not in (language, "")} == {}


# --- mails, notices, errors ---------------------------------------------------------------------------------------
NOBODYS = leftovers.Written((), (), frozenset())
PLAIN_LETTERS = ("account_exists", "password_changed", "second_factor_added", "second_factor_removed")
SAMPLE = {"due": NOON.isoformat(), "until": NOON.isoformat(), "date": "2026-11-20", "last": "2026-12-31"}


def params_of(kind: str) -> dict[str, Any]:
    """Return a value for everything a kind of notice names."""
    with translation.override("en"):
        names = re.findall(r"%\((\w+)\)s", " ".join(map(str, WORDS[kind])))
    return {name: SAMPLE.get(name, f"[{name}]") for name in names}


@pytest.mark.row("P21.1")
class TestALetter:
    @BOTH
    @pytest.mark.parametrize("template", PLAIN_LETTERS)
    def test_speaks_the_language_of_its_reader(self, amal: User, template: str, language: str):
        send_plain(template, user_id=speaking(amal, language).pk)

        [sent] = mail.outbox
        lines = [str(sent.subject), *str(sent.body).splitlines()]
        assert [line for line in lines if leftovers.left_over(line, language, NOBODYS)] == []
        assert bool(leftovers.HAN.search(lines[0])) == (language == "zh-hans")

    @BOTH
    @pytest.mark.parametrize("kind", sorted(WORDS))
    def test_tells_every_kind_of_notice(self, amal: User, kind: str, language: str):
        [notice] = notify(kind, recipients=[speaking(amal, language)], key="1", at=NOON, **params_of(kind))

        mail_notice(notice_id=notice.pk, at=NOON)

        [sent] = mail.outbox
        lines = [str(sent.subject), *str(sent.body).splitlines()]
        assert [line for line in lines if leftovers.left_over(line, language, NOBODYS)] == []
        assert bool(leftovers.HAN.search(lines[0].replace("无忧服务", ""))) == (language == "zh-hans")

    def test_names_a_run_in_the_language_of_the_reader_not_of_the_writer(self, amal: User):
        with translation.override("zh-hans"):
            kept = english(KINDS["products_export"].title)

        with translation.override("zh-hans"):
            assert worded("run_done", {"run": kept, "done": 3, "errors": 0}).title == "商品导出 已完成"
        with translation.override("en"):
            assert worded("run_done", {"run": kept, "done": 3, "errors": 0}).title == "Product export is finished"


@pytest.mark.row("P21.1")
class TestAnError:
    ANSWERS = (
        ("get", "/api/v1/no-such-thing/", 404, "Not found", "未找到"),
        ("get", "/api/v1/products/", 401, "Please sign in", "请先登录"),
        ("delete", "/api/v1/verify/ABC/", 405, "Not possible here", "此处不支持该操作"),
    )

    @pytest.mark.parametrize(("method", "path", "status", "english", "chinese"), ANSWERS)
    def test_of_the_api_speaks_the_language_asked_for(
        self, client: Client, db: None, method: str, path: str, status: int, english: str, chinese: str
    ):
        titles = {}
        for language in LANGUAGES:
            answer = getattr(client, method)(path, headers={"Accept-Language": language})
            assert answer.status_code == status
            assert leftovers.left_over(leftovers.said_in(answer), language, NOBODYS) == []
            titles[language] = answer.json()["title"]

        assert titles == {"en": english, "zh-hans": chinese}

    @BOTH
    def test_of_the_api_speaks_the_language_of_the_key_s_person(self, amal: User, language: str):
        secret = make_key(name="ERP", scopes=["account:read"], days=30, actor=speaking(amal, language), at=timezone.now())[1]

        answer = Client().get("/api/v1/products/", headers={"Authorization": f"Bearer {secret}"})

        assert answer.status_code == 403
        assert answer.json()["title"] == {"en": "Not allowed", "zh-hans": "没有权限"}[language]

    def test_of_the_api_speaks_the_language_a_program_asks_for(self, amal: User):
        secret = make_key(name="ERP", scopes=["account:read"], days=30, actor=speaking(amal, "zh-hans"), at=timezone.now())[1]

        answer = Client().get("/api/v1/products/", headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})

        assert answer.json()["title"] == "Not allowed"

    @BOTH
    def test_of_a_form_stands_in_the_language_of_the_page(self, client: Client, db: None, language: str):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

        page = client.post(reverse("accounts:register"), {"credit_code": "91330109MA2KD00X1", "email": "no"})

        assert page.status_code == 422
        assert leftovers.left_over(page.content.decode(), language, NOBODYS) == []

    @BOTH
    @pytest.mark.parametrize("path", ["/no-such-page/", "/verify/NOSUCHCODE/"])
    def test_of_a_page_stands_in_its_language(self, client: Client, db: None, path: str, language: str):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

        page = client.get(path)

        assert page.status_code == 404
        assert leftovers.left_over(page.content.decode(), language, NOBODYS) == []


@pytest.mark.row("P21.1")
class TestWhoChoosesTheLanguage:
    def test_is_the_person_who_is_signed_in(self, amal: User):
        page = browser_of(speaking(amal, "en"), "zh-hans").get("/", headers={"Accept-Language": "en"}).content.decode()

        assert language_of(page) == "zh-hans"

    def test_is_the_cookie_of_a_visitor_before_the_browser(self, db: None):
        page = browser_of(None, "en").get("/", headers={"Accept-Language": "zh-hans"}).content.decode()

        assert language_of(page) == "en"

    def test_is_chinese_if_nobody_says_anything(self, client: Client, db: None):
        assert language_of(client.get("/").content.decode()) == "zh-hans"


@pytest.mark.row("P21.1")
class TestTheBackOffice:
    def test_has_chinese_for_every_text_of_its_library(self):
        found = messages.found_below(unfold_folder[0], but=("contrib",))
        with translation.override("zh-hans"):
            left = [message.id for message in leftovers.real(found) if not is_translated(message)]

        assert left == []


def is_translated(message: Any) -> bool:
    if isinstance(message.id, str):
        return translation.gettext(message.id) != message.id or not re.search("[A-Za-z]{2}", message.id)
    return translation.ngettext(message.id[0], message.id[1], 1) not in message.id
