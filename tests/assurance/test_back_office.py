"""The back office shows every table, masks persons, changes nothing, and has a policy of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assurance import back_office
from assurance.accounts.models import Organisation, Session, User
from assurance.events.models import SubjectSalt
from assurance.web.models import IdempotencyKey
from tests import enrolments
from tests.harness import session
from tests.harness.browser import arrived

if TYPE_CHECKING:
    from django.db.models import Model
    from playwright.sync_api import Browser
    from pytest_django.live_server_helper import LiveServer

TABLES = sorted(back_office.site._registry.items(), key=lambda pair: pair[0]._meta.label) if reverse("admin:index") else []
SECRETS = (Authenticator, IdempotencyKey, Session, SubjectSalt)


def browser_of(person: User, language: str = "en") -> Client:
    person.language = language
    person.save(update_fields=["language"])
    client = Client()
    client.force_login(person)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def house(amal: User, dana: User, eve: User) -> None:
    """A product that Dana has approved."""
    enrolments.load_categories()
    enrolments.approved(amal, dana)


class TestTheBackOffice:
    @pytest.mark.sampled
    @pytest.mark.parametrize(
        ("language", "noun", "of_each"),
        [("en", "organisation", 1), pytest.param("zh-hans", "机构", 1000, marks=pytest.mark.exhaustive)],
    )
    def test_lists_every_table_opens_its_rows_and_names_nobody(self, language: str, noun: str, of_each: int, house: None, eve: User):
        client = browser_of(eve, language)
        opened = 0
        for model, _ in session.portion(TABLES, 0, 2):
            answer = client.get(address(model, "changelist"))
            page = answer.content.decode()

            assert answer.status_code == 200
            assert f'<html lang="{language}"' in page
            assert noun in page.lower()
            assert "Amal" not in page, model
            assert "Dana" not in page, model
            rows = sorted(set(re.findall(rf'href="({address(model, "changelist")}[^"?/]+/change/)', page)))
            for link in rows[:of_each]:
                assert client.get(link).status_code == 200, link
            opened += len(rows)
        assert opened >= (20 if session.is_exhaustive() else 8)

    @pytest.mark.parametrize("page", ["changelist", "change"])
    def test_masks_persons(self, page: str, house: None, amal: User, eve: User):
        args = [amal.pk] if page == "change" else []

        shown = browser_of(eve).get(address(User, page, *args)).content.decode()

        assert "A***" in shown
        assert "Amal" not in shown
        assert "a***@hejian.example" in shown
        assert "amal@hejian.example" not in shown
        assert "13800000001" not in shown

    @pytest.mark.parametrize("model", SECRETS, ids=lambda model: model.__name__)
    def test_has_no_table_of_secrets(self, model: type[Model]):
        assert model not in back_office.site._registry

    def test_shows_no_column_of_costs_or_digests(self):
        forbidden = {"cost", "commission_rate", "digest", "password", "snapshot", "params", "changes", "body"}
        for model, table in TABLES:
            assert forbidden.isdisjoint((*table.columns, *table.rows)), model

    @pytest.mark.sampled
    def test_offers_no_way_to_add_or_delete(self, house: None, eve: User):
        client = browser_of(eve)
        for model, _ in session.portion(TABLES, 1, 4):
            assert client.get(address(model, "add")).status_code == 403, model
            if row := model._default_manager.first():
                assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model

    def test_refuses_a_change_and_keeps_the_row(self, hejian: Organisation, eve: User):
        answer = browser_of(eve).post(address(Organisation, "change", hejian.pk), {"name": "changed"})

        assert answer.status_code == 403
        hejian.refresh_from_db()
        assert hejian.name == "禾见"

    def test_refuses_to_delete_and_keeps_the_row(self, hejian: Organisation, eve: User):
        answer = browser_of(eve).post(address(Organisation, "delete", hejian.pk), {"post": "yes"})

        assert answer.status_code == 403
        assert Organisation.objects.filter(pk=hejian.pk).exists()

    def test_is_closed_to_a_merchant(self, amal: User):
        assert browser_of(amal).get(reverse("admin:index")).status_code == 403

    def test_leads_a_visitor_to_our_own_entrance(self, client: Client, db: None):
        answer = client.get(reverse("admin:index"))

        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))

    @pytest.mark.parametrize(("page", "leads_to"), [("logout", "account_logout"), ("password_change", "account_change_password")])
    def test_leaves_accounts_to_our_own_pages(self, page: str, leads_to: str, eve: User):
        answer = browser_of(eve).get(reverse(f"admin:{page}"))

        assert (answer.status_code, answer["Location"]) == (302, reverse(leads_to))


class TestThePolicyOfTheBackOffice:
    def test_allows_what_its_scripts_need(self, eve: User):
        policy = browser_of(eve).get(reverse("admin:index"))["Content-Security-Policy"]

        assert "script-src 'self' 'unsafe-eval'" in policy
        assert "style-src 'self' 'unsafe-inline'" in policy
        assert "frame-ancestors 'none'" in policy

    @pytest.mark.parametrize("route", ["home", "badges:ask"])
    def test_holds_nowhere_else(self, route: str, eve: User):
        policy = browser_of(eve).get(reverse(route))["Content-Security-Policy"]

        assert "unsafe" not in policy

    def test_stays_strict_on_what_is_refused_there(self, amal: User):
        policy = browser_of(amal).get(reverse("admin:index"))["Content-Security-Policy"]

        assert "unsafe" not in policy


class TestInABrowser:
    def test_breaks_no_rule_of_its_policy(self, browser: Browser, live_server: LiveServer, house: None, hejian: Organisation, eve: User):
        said: list[str] = []
        context = browser.new_context()
        session = browser_of(eve).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("response", lambda answer: said.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)

        for url in (reverse("admin:index"), address(User, "changelist"), address(Organisation, "change", hejian.pk)):
            page.goto(live_server.url + url)
            arrived(page)
            assert page.locator("#main a, #content a, nav a").first.is_visible()

        context.close()
        assert said == []
