"""Signing in: by what, how often, from where, and what is written down."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assurance.accounts.hashers import LeanArgon2Hasher
from assurance.accounts.models import Session, SignInAttempt, User
from assurance.events.models import Event
from tests import factories
from tests.assurance.accounts.conftest import PASSWORD, browser, with_password

LOGIN = "/accounts/login/"


def enter(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": login, "password": password} | more)


@pytest.mark.django_db
class TestSigningIn:
    @pytest.mark.parametrize("login", ["amal@hejian.example", "AMAL@Hejian.example", "13800000001", "+86 138 0000 0001", "86-13800000001"])
    def test_takes_the_address_or_the_number_however_it_is_written(self, amal_signs_in: User, client: Client, login: str):
        response = enter(client, login)

        assert (response.status_code, response.headers["Location"]) == (302, "/")
        assert client.session["_auth_user_id"] == str(amal_signs_in.pk)

    def test_gives_the_browser_a_new_session(self, amal_signs_in: User, client: Client):
        client.get(reverse("accounts:register"))
        session = client.session
        session["planted"] = "1"
        session.save()
        before = client.cookies["sessionid"] = session.session_key

        enter(client, amal_signs_in.email)

        after = client.cookies["sessionid"].value
        assert after != before
        assert not Session.objects.filter(session_key=before).exists()

    def test_is_written_down(self, amal_signs_in: User):
        enter(browser(), amal_signs_in.email)

        event = Event.objects.get(kind="accounts.sign_in.entered")
        assert (event.actor_id, event.subject_id, event.organisation_id) == (
            amal_signs_in.pk,
            amal_signs_in.pk,
            amal_signs_in.organisation_id,
        )
        assert "198.51.100.7" not in str(Event.objects.values())
        session = Session.objects.get(user=amal_signs_in)
        assert (session.place, session.agent) == ("198.51.100.7", "Firefox")

    def test_out_is_written_down_too(self, amal_signs_in: User):
        client = browser()
        enter(client, amal_signs_in.email)

        response = client.post("/accounts/logout/")

        assert (response.status_code, Session.objects.filter(user=amal_signs_in).count()) == (302, 0)
        assert Event.objects.filter(kind="accounts.sign_in.left", actor_id=amal_signs_in.pk).count() == 1

    @pytest.mark.parametrize("away", ["//evil.cn", "https://evil.cn/x", "javascript:alert(1)", "/\\evil.cn", "http:///evil.cn"])
    def test_stays_on_this_site(self, amal_signs_in: User, client: Client, away: str):
        assert enter(client, amal_signs_in.email, next=away).headers["Location"] == "/"

    def test_goes_where_the_person_wanted_to_go(self, amal_signs_in: User, client: Client):
        asked = client.get("/accounts/me/")
        assert asked.headers["Location"] == "/accounts/login/?next=/accounts/me/"
        assert enter(client, amal_signs_in.email, next="/accounts/me/").headers["Location"] == "/accounts/me/"


@pytest.mark.django_db
class TestAWrongPassword:
    def test_is_answered_like_an_unknown_name(self, amal_signs_in: User):
        known = enter(browser("198.51.100.1"), amal_signs_in.email, "wrong password here")
        by_phone = enter(browser("198.51.100.2"), "13800000001", "wrong password here")
        unknown = enter(browser("198.51.100.3"), "nobody@nowhere.example", "wrong password here")
        nonsense = enter(browser("198.51.100.4"), "nobody", "wrong password here")

        answers = [known, by_phone, unknown, nonsense]
        assert [answer.status_code for answer in answers] == [401] * 4
        assert {answer.headers["WWW-Authenticate"] for answer in answers} == {'Form realm="Wuyou"'}
        texts = {str(answer.context["form"].non_field_errors()) for answer in answers}
        assert len(texts) == 1

    def test_is_written_down_without_the_name(self, amal_signs_in: User):
        enter(browser(), amal_signs_in.email, "wrong password here")
        enter(browser(), "somebody.private@nowhere.example", "wrong password here")

        events = list(Event.objects.filter(kind="accounts.sign_in.failed").order_by("id"))
        assert [(event.subject_kind, event.actor_id) for event in events] == [("assurance.user", None), ("assurance.signinattempt", None)]
        assert "private" not in str(list(Event.objects.values())) + str(list(SignInAttempt.objects.values()))

    def test_of_a_deactivated_person_opens_nothing(self, amal_signs_in: User, client: Client):
        User.objects.update(is_active=False)

        right = enter(client, amal_signs_in.email)

        assert (right.status_code, right.headers["Location"]) == (302, "/accounts/inactive/")
        assert "_auth_user_id" not in client.session
        assert Event.objects.filter(kind="accounts.sign_in.refused", subject_id=amal_signs_in.pk).count() == 1

    def test_costs_the_same_for_known_and_unknown_names(self, amal_signs_in: User, monkeypatch):
        """One hash, and as many statements but one, so that no clock tells who has an account."""
        hashed: list[str] = []
        for name in ("verify", "encode"):
            real = getattr(LeanArgon2Hasher, name)
            monkeypatch.setattr(
                LeanArgon2Hasher, name, lambda self, *given, _real=real, _name=name: hashed.append(_name) or _real(self, *given)
            )

        def cost(login: str, place: str) -> tuple[int, int]:
            hashed.clear()
            with CaptureQueriesContext(connection) as statements:
                assert enter(browser(place), login, "wrong password here").status_code == 401
            return len(hashed), len(statements)

        cost(amal_signs_in.email, "198.51.100.1")
        known, unknown = cost(amal_signs_in.email, "198.51.100.2"), cost("nobody@nowhere.example", "198.51.100.3")
        assert (known[0], unknown[0]) == (1, 1)
        assert abs(known[1] - unknown[1]) <= 1


@pytest.mark.django_db
@pytest.mark.row("P22.5")
@pytest.mark.promise("G28")
class TestGuessing:
    def test_is_stopped_after_five_from_one_place(self, amal_signs_in: User):
        guesser = browser("203.0.113.9")

        answers = [enter(guesser, amal_signs_in.email, f"guess number {n}") for n in range(8)]

        assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 3
        assert answers[-1].headers["Retry-After"] == "900"
        assert SignInAttempt.objects.filter(outcome="failed").count() == 5

    def test_is_stopped_even_with_the_right_password(self, amal_signs_in: User):
        guesser = browser("203.0.113.9")
        for n in range(5):
            enter(guesser, amal_signs_in.email, f"guess number {n}")

        assert enter(guesser, amal_signs_in.email).status_code == 429

    def test_does_not_lock_the_owner_out(self, amal_signs_in: User):
        for n in range(12):
            enter(browser("203.0.113.9"), amal_signs_in.email, f"guess number {n}")

        assert [enter(browser(f"198.51.100.{n}"), amal_signs_in.email).status_code for n in range(3)] == [302] * 3

    def test_from_many_places_is_stopped_after_ten_and_still_leaves_the_owner_his_own_place(self, amal_signs_in: User):
        enter(browser("198.51.100.7"), amal_signs_in.email)

        answers = [enter(browser(f"203.0.113.{n}"), amal_signs_in.email, f"guess {n}") for n in range(30)]

        assert [answer.status_code for answer in answers] == [401] * 10 + [429] * 20
        assert [enter(browser("198.51.100.7"), amal_signs_in.email).status_code for _ in range(3)] == [302] * 3

    def test_by_number_and_by_address_draws_on_one_budget(self, amal_signs_in: User):
        guesser = browser("203.0.113.9")

        names = [amal_signs_in.email, "13800000001", "AMAL@hejian.example", "+8613800000001", amal_signs_in.email, "13800000001"]

        assert [enter(guesser, name, "wrong password").status_code for name in names] == [401] * 5 + [429]

    def test_many_accounts_from_one_place_is_stopped_after_fifty(self, hejian):
        guesser = browser("203.0.113.9")

        assert enter(guesser, "person@nowhere.example", "wrong password").status_code == 401
        [first] = SignInAttempt.objects.all()
        SignInAttempt.objects.bulk_create(  # as 46 others would leave it: checking a password is slow
            SignInAttempt(account=f"name:{n}", place=first.place, outcome=first.outcome, at=first.at) for n in range(46)
        )

        answers = [enter(guesser, f"person{n}@nowhere.example", "wrong password").status_code for n in range(5)]

        assert answers == [401] * 3 + [429] * 2

    def test_counts_one_ipv6_network_as_one_place(self, amal_signs_in: User):
        places = [f"2001:db8:1:2::{n:x}" for n in range(7)]

        assert [enter(browser(place), amal_signs_in.email, "wrong").status_code for place in places] == [401] * 5 + [429] * 2

    def test_is_not_helped_by_a_forged_address(self, amal_signs_in: User):
        guesser = browser("203.0.113.9")

        answers = [
            guesser.post(LOGIN, {"login": amal_signs_in.email, "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
            for n in range(20)
        ]

        assert answers.count(401) == 5
        assert set(SignInAttempt.objects.values_list("place", flat=True)) == {"203.0.113.9"}

    def test_is_remembered_when_the_cache_is_emptied(self, amal_signs_in: User):
        guesser = browser("203.0.113.9")
        for n in range(5):
            enter(guesser, amal_signs_in.email, f"guess {n}")

        cache.clear()

        assert enter(guesser, amal_signs_in.email, "guess 6").status_code == 429

    def test_may_go_on_after_a_quarter_of_an_hour(self, amal_signs_in: User):
        guesser = browser("203.0.113.9")
        for n in range(5):
            enter(guesser, amal_signs_in.email, f"guess {n}")

        SignInAttempt.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))

        assert enter(guesser, amal_signs_in.email).status_code == 302

    def test_is_written_down_once_when_it_is_stopped(self, amal_signs_in: User):
        for n in range(8):
            enter(browser("203.0.113.9"), amal_signs_in.email, f"guess {n}")

        locked = Event.objects.get(kind="accounts.sign_in.locked")
        assert (locked.subject_id, locked.changes) == (amal_signs_in.pk, {"locked": [None, "pair"]})


@pytest.mark.promise("G28")
class TestEightGuessersAtOnce:
    def test_get_no_more_attempts_than_one(self, committed_db):
        with_password(factories.user("merchant_owner", factories.organisation(), email="amal@hejian.example"))
        answers: list[int] = []
        start = threading.Barrier(8)

        def guess(number: int) -> None:
            try:
                start.wait(10)
                answers.extend(enter(browser("203.0.113.9"), "amal@hejian.example", f"guess {number} {n}").status_code for n in range(4))
            finally:
                connection.close()

        threads = [threading.Thread(target=guess, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert (answers.count(401), answers.count(429)) == (5, 27)
        assert SignInAttempt.objects.filter(outcome="failed").count() == 5
        assert [enter(browser(f"198.51.100.{n}"), "amal@hejian.example").status_code for n in range(3)] == [302] * 3


@pytest.mark.django_db
class TestAPasswordReset:
    def ask(self, client: Client, email: str):
        return client.post("/accounts/password/reset/", {"email": email})

    def link_for(self, person: User) -> str:
        from assurance.accounts.links import reset_link
        from tests.assurance.accounts.test_arriving import path_in

        return path_in(reset_link(person))

    def test_is_answered_the_same_for_everybody(self, amal_signs_in: User, client: Client):
        known, unknown = self.ask(client, amal_signs_in.email), self.ask(client, "nobody@nowhere.example")

        assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
        assert Event.objects.filter(kind="accounts.password.reset_asked").count() == 1

    def test_mails_a_link_by_a_job(self, amal_signs_in: User, client: Client, mailoutbox):
        from assurance.accounts.tasks import mail_reset_link
        from tests.assurance.accounts.test_arriving import path_in

        self.ask(client, amal_signs_in.email)
        assert mailoutbox == []
        mail_reset_link(subject_id=amal_signs_in.pk)

        shown = client.get(path_in(mailoutbox[0].body), follow=True)
        assert shown.status_code == 200
        assert "set-password" in shown.redirect_chain[-1][0]

    def test_changes_the_password_once_and_ends_every_session(self, amal_signs_in: User, client: Client):
        inside = browser()
        enter(inside, amal_signs_in.email)
        amal_signs_in.refresh_from_db()
        link = self.link_for(amal_signs_in)
        form = client.get(link, follow=True).redirect_chain[-1][0]

        done = client.post(form, {"password1": "a completely new one"})

        assert (done.status_code, inside.get("/accounts/me/").status_code) == (302, 302)
        amal_signs_in.refresh_from_db()
        assert amal_signs_in.check_password("a completely new one")
        assert Event.objects.filter(kind="accounts.password.reset_used", subject_id=amal_signs_in.pk).count() == 1
        assert (client.get(link).status_code, client.post(form, {"password1": "yet another one!"}).status_code) == (410, 410)

    def test_link_dies_after_half_an_hour(self, amal_signs_in: User, client: Client, monkeypatch):
        from datetime import datetime

        from django.contrib.auth.tokens import PasswordResetTokenGenerator

        link = self.link_for(amal_signs_in)
        later = datetime.now() + timedelta(minutes=30, seconds=2)  # noqa: DTZ005  Django's own clock here is naive
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)

        assert client.get(link).status_code == 410

    def test_refuses_a_weak_password(self, amal_signs_in: User, client: Client):
        form = client.get(self.link_for(amal_signs_in), follow=True).redirect_chain[-1][0]

        assert client.post(form, {"password1": "amal@hejian.example"}).status_code == 422


@pytest.mark.django_db
@pytest.mark.promise("G28")
class TestRow65OfTheHostileInputs:
    """Password of a megabyte, names with NUL and line feed, a foreign token; the other cases stand above."""

    def test_a_password_of_a_megabyte_is_not_hashed(self, amal_signs_in: User):
        assert enter(browser(), amal_signs_in.email, "x" * 1_000_000).status_code == 400
        assert not SignInAttempt.objects.exists()

    @pytest.mark.parametrize(
        "name", ["amal\x00@hejian.example", "amal\n@hejian.example", "amal@hejian.example\r\nBcc: x@y.z", "a" * 10_000]
    )
    def test_a_name_that_cannot_be_typed_is_refused(self, amal_signs_in: User, name: str):
        assert enter(browser(), name).status_code == 400

    def test_another_persons_token_is_refused(self, amal_signs_in: User):
        mine, foreign = browser(enforce_csrf_checks=True), browser(enforce_csrf_checks=True)
        mine.get(LOGIN)
        token = str(foreign.get(LOGIN).context["csrf_token"])

        response = enter(mine, amal_signs_in.email, csrfmiddlewaretoken=token)

        assert response.status_code == 403
