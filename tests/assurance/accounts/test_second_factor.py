"""The second factor: who must have one, how it is set up, shown, lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.accounts.actions import people
from assurance.accounts.adapter import SecondFactorAdapter
from assurance.accounts.models import Session, User
from assurance.events.models import Event
from assurance.roles import STAFF, Role
from tests.assurance.accounts.conftest import PASSWORD, SECRET, browser, code_now, with_password, with_second_factor

SET_UP = "/accounts/second-factor/set-up/"
ENTER = "/accounts/second-factor/enter/"


@pytest.fixture
def required(settings):
    """As in production."""
    settings.SECOND_FACTOR_REQUIRED = True


def sign_in(person: User, place: str = "198.51.100.7") -> Client:
    client = browser(place)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


def set_up(client: Client) -> str:
    """Set a second factor up as a person does; return the secret."""
    secret = client.get(SET_UP).context["form"].secret
    response = client.post(SET_UP, {"code": code_now(secret)})
    assert response.status_code == 302, response.content.decode()
    return secret


@pytest.mark.django_db
@pytest.mark.row("P22.5")
@pytest.mark.promise("G28")
class TestWhereItIsRequired:
    pytestmark = pytest.mark.usefixtures("required")

    def test_staff_is_led_to_set_it_up_before_anything_else(self, bo: User):
        client = sign_in(with_password(bo))

        for path in ("/", "/accounts/me/", "/notices/"):
            response = client.get(path)
            assert (response.status_code, response.headers["Location"]) == (302, f"{SET_UP}?next={path.replace('/', '%2F')}")
        assert client.get(SET_UP).status_code == 200

    def test_staff_writes_nothing_without_it(self, eve: User, amal: User):
        client = sign_in(with_password(eve))

        response = client.post(reverse("accounts:deactivate", args=[amal.pk]), {"reason": "x"})

        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, SET_UP)
        amal.refresh_from_db()
        assert amal.is_active

    def test_staff_reaches_no_api_without_it(self, bo: User):
        response = sign_in(with_password(bo)).get("/api/v1/me/")

        assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")

    def test_a_fragment_is_led_there_as_a_whole_page(self, bo: User):
        response = sign_in(with_password(bo)).get("/notices/", headers={"HX-Request": "true"})

        assert (response.status_code, response.headers["HX-Redirect"].split("?")[0]) == (200, SET_UP)

    def test_a_merchant_may_do_without(self, amal_signs_in: User):
        assert sign_in(amal_signs_in).get("/accounts/me/").status_code == 200

    def test_is_for_everybody_who_decides_about_other_peoples_goods(self):
        assert {Role.MERCHANT_OWNER, Role.MERCHANT_OPERATOR, Role.STREAMER, Role.COURIER_AGENT} == set(Role) - STAFF

    def test_setting_it_up_opens_the_house(self, bo: User):
        client = sign_in(with_password(bo))

        set_up(client)

        assert client.get("/accounts/me/").status_code == 200
        assert Event.objects.filter(kind="accounts.second_factor.added", subject_id=bo.pk).count() == 1

    def test_setting_it_up_ends_the_other_sessions(self, bo: User):
        other, client = sign_in(with_password(bo)), sign_in(bo)

        set_up(client)

        assert Session.objects.filter(user=bo).count() == 1
        assert other.get("/accounts/me/").headers["Location"].startswith("/accounts/login/")

    def test_cannot_be_removed_by_oneself(self, bo: User):
        client = sign_in(with_password(bo))
        set_up(client)

        response = client.post("/accounts/second-factor/remove/")

        assert response.status_code == 422
        assert Authenticator.objects.filter(user=bo, type="totp").exists()


@pytest.mark.django_db
class TestWhereItIsNotRequired:
    def test_the_demo_staff_works_without(self, bo: User, settings):
        assert settings.SECOND_FACTOR_REQUIRED is False
        assert sign_in(with_password(bo)).get("/accounts/me/").status_code == 200

    def test_it_may_be_set_up_and_removed(self, amal_signs_in: User):
        client = sign_in(amal_signs_in)
        set_up(client)

        assert client.post("/accounts/second-factor/remove/").status_code == 302

        assert not Authenticator.objects.exists()
        kinds = Event.objects.filter(kind__startswith="accounts.second_factor").order_by("id").values_list("kind", flat=True)
        assert list(kinds) == ["accounts.second_factor.added", "accounts.second_factor.removed"]


@pytest.mark.django_db
@pytest.mark.row("P22.5")
@pytest.mark.promise("G28")
class TestSigningInWithIt:
    def test_asks_for_the_code_after_the_password(self, bo: User):
        client = sign_in(with_second_factor(with_password(bo)))
        assert "_auth_user_id" not in client.session
        assert client.get("/accounts/me/").status_code == 302

        response = client.post(ENTER, {"code": code_now()})

        assert (response.status_code, response.headers["Location"]) == (302, "/")
        assert client.get("/accounts/me/").status_code == 200

    def test_takes_a_code_once(self, bo: User):
        with_second_factor(with_password(bo))
        first, second = sign_in(bo), sign_in(bo, "198.51.100.8")
        code = code_now()

        answers = [first.post(ENTER, {"code": code}).status_code, *(second.post(ENTER, {"code": code}).status_code for _ in range(3))]

        assert answers == [302, 401, 401, 401]
        assert Event.objects.filter(kind="accounts.second_factor.failed", actor_id=bo.pk).count() == 3

    def test_stops_guessing_after_five(self, bo: User):
        client = sign_in(with_second_factor(with_password(bo)))

        answers = [client.post(ENTER, {"code": f"00000{n}"}).status_code for n in range(7)]

        assert answers == [401] * 5 + [429] * 2
        assert client.post(ENTER, {"code": code_now()}).status_code == 429

    def test_is_not_skipped_by_a_new_password(self, bo: User):
        from assurance.accounts.links import reset_link
        from tests.assurance.accounts.test_arriving import path_in

        with_second_factor(with_password(bo))
        client = browser()
        form = client.get(path_in(reset_link(bo)), follow=True).redirect_chain[-1][0]
        client.post(form, {"password1": "a completely new one"})
        assert "_auth_user_id" not in client.session

        response = client.post("/accounts/login/", {"login": bo.email, "password": "a completely new one"})

        assert (response.headers["Location"], client.get("/accounts/me/").status_code) == (ENTER, 302)

    def test_takes_a_recovery_code_once(self, amal_signs_in: User):
        client = sign_in(amal_signs_in)
        set_up(client)
        recovery = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]

        answers = [sign_in(amal_signs_in).post(ENTER, {"code": recovery}).status_code for _ in range(2)]

        assert answers == [302, 401]

    @pytest.mark.parametrize("code", ["\x00", "1" * 1000, "१२३४५६", "", "\u202e123456"])
    def test_survives_every_code(self, bo: User, code: str):
        client = sign_in(with_second_factor(with_password(bo)))

        assert client.post(ENTER, {"code": code}).status_code in (400, 401, 422)
        assert "_auth_user_id" not in client.session


@pytest.mark.django_db
class TestItsSecret:
    def test_is_not_stored_in_clear(self, amal_signs_in: User):
        client = sign_in(amal_signs_in)
        secret = set_up(client)

        stored = Authenticator.objects.get(type="totp").data["secret"]
        assert secret not in stored
        assert SecondFactorAdapter().decrypt(stored) == secret

    def test_is_read_with_a_former_key_after_the_key_was_exchanged(self, settings):
        stored = SecondFactorAdapter().encrypt(SECRET)
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "local-another-key"

        assert SecondFactorAdapter().decrypt(stored) == SECRET


@pytest.mark.django_db
class TestALostDevice:
    def test_is_removed_by_the_platform_with_a_reason(self, bo: User, eve: User):
        with_second_factor(with_password(bo))
        client = browser()
        client.force_login(bo)

        people.remove_second_factor(person_id=bo.pk, reason="phone stolen, called back", actor=eve, at=timezone.now())

        assert not Authenticator.objects.filter(user=bo).exists()
        assert Session.objects.filter(user=bo).count() == 0
        event = Event.objects.get(kind="accounts.second_factor.removed")
        assert (event.actor_id, event.subject_id, event.reason) == (eve.pk, bo.pk, "phone stolen, called back")
        assert event.changes == {"second_factor": [["totp"], []]}

    def test_is_nothing_an_owner_or_oneself_can_remove(self, amal: User, ann: User, eve: User):
        with_second_factor(ann)
        with_second_factor(eve)
        for actor, person, refusal in ((amal, ann, people.NotYours), (eve, eve, people.NotYourself)):
            with pytest.raises(refusal):
                people.remove_second_factor(person_id=person.pk, reason="x", actor=actor, at=timezone.now())
        assert Authenticator.objects.count() == 2


class TestProductionSettings:
    ROOT = Path(__file__).resolve().parents[3]
    GOOD = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "kJ8#mN2$pQ5&rT9*wX3@zB6!cF1%hL4^vD7+gS0-aE_yUiOo",
        "ALLOWED_HOSTS": "wuyou.example",
        "PUBLIC_URL": "https://wuyou.example",
        "DATABASE_URL": "postgresql://wuyou_app:p@db.example/wuyou",
        "REDIS_URL": "redis://broker.example/0",
        "EMAIL_URL": "smtp://mail.example",
        "CHECKPOINT_ORIGIN": "wuyou.example/log",
    }
    ASK = "from assurance import settings as s; print(s.SECOND_FACTOR_REQUIRED, s.SESSION_COOKIE_NAME, s.PASSWORD_RESET_TIMEOUT)"

    def ask(self, **more: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(self.ROOT)} | self.GOOD | more
        return subprocess.run([sys.executable, "-c", self.ASK], env=env, cwd=self.ROOT, capture_output=True, text=True, check=False)

    def test_require_it(self):
        done = self.ask(SECRET_KEY=self.GOOD["SECRET_KEY"] * 2)
        assert (done.stdout.split(), done.stderr) == (["True", "__Host-session", "1800"], "")

    def test_refuse_to_do_without(self):
        done = self.ask(SECRET_KEY=self.GOOD["SECRET_KEY"] * 2, SECOND_FACTOR_REQUIRED="false")
        assert done.returncode == 1
        assert done.stderr.strip() == "SECOND_FACTOR_REQUIRED: must be true in production (see .env.example)"
