"""Row 65 of the hostile inputs: what is sent to the entrance, each with the answer as written."""

from __future__ import annotations

import pytest
from django.test import Client

from assurance.accounts.links import reset_link
from assurance.accounts.models import SignInAttempt, User
from tests.assurance.accounts.conftest import PASSWORD, browser, code_now, with_password, with_second_factor
from tests.assurance.accounts.test_arriving import path_in

pytestmark = pytest.mark.django_db
LOGIN, CODE = "/accounts/login/", "/accounts/second-factor/enter/"


@pytest.fixture
def owner(amal: User) -> User:
    return with_password(amal)


def enter(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": login, "password": password} | more)


class TestRow65:
    def test_a_password_of_a_megabyte(self, owner: User):
        assert enter(browser(), owner.email, "x" * 1_000_000).status_code == 400

    @pytest.mark.parametrize("name", ["amal@hejian.example\x00", "amal\n@hejian.example"])
    def test_a_name_with_nul_or_a_line_break(self, owner: User, name: str):
        assert enter(browser(), name).status_code == 400

    def test_the_token_of_another_user(self, owner: User):
        mine, foreign = browser(enforce_csrf_checks=True), browser(enforce_csrf_checks=True)
        mine.get(LOGIN)
        token = str(foreign.get(LOGIN).context["csrf_token"])

        assert enter(mine, owner.email, csrfmiddlewaretoken=token).status_code == 403

    @pytest.mark.promise("G28")
    def test_guess_upon_guess(self, owner: User, settings):
        """A tenth of the thousand: after ten, nothing is checked any more, so nothing changes after that."""
        settings.ACCOUNT_RATE_LIMITS = False  # the budget of passwords alone must hold

        answers = [enter(browser(f"203.0.113.{n % 50}"), owner.email, f"guess {n}").status_code for n in range(100)]

        assert (answers.count(401), answers.count(429)) == (10, 90)
        assert SignInAttempt.objects.count() == 10

    def test_a_code_used_again(self, bo: User):
        with_second_factor(with_password(bo))
        answers, code = [], code_now()
        for place in ("198.51.100.1", "198.51.100.2"):
            client = browser(place)
            enter(client, bo.email)
            answers.append(client.post(CODE, {"code": code}).status_code)

        assert answers == [302, 401]

    def test_a_reset_link_used_again(self, owner: User):
        link, client = path_in(reset_link(owner)), browser()
        form = client.get(link, follow=True).redirect_chain[-1][0]

        assert client.post(form, {"password1": "a completely new one"}).status_code == 302
        assert (client.get(link).status_code, client.post(form, {"password1": "yet another one!"}).status_code) == (410, 410)

    @pytest.mark.parametrize("away", ["//evil.cn", "https://evil.cn", "/\\evil.cn", "///evil.cn", "https:evil.cn"])
    def test_the_way_to_another_site(self, owner: User, away: str):
        assert enter(browser(), owner.email, next=away).headers["Location"] == "/"
