"""How long a sign-in lasts, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from assurance.accounts.actions import people, preferences, sign_in
from assurance.accounts.models import Organisation, Session, SignInAttempt, User
from assurance.events.models import Event
from tests.assurance.accounts.conftest import PASSWORD, browser, with_password

ME = "/accounts/me/"


def inside(person: User, place: str = "198.51.100.7"):
    client = browser(place)
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert response.status_code == 302
    return client


def move_back(person: User, *, started: timedelta, seen: timedelta) -> None:
    """Let the session have begun, and been used last, so long ago; the row is written as the store writes it."""
    from assurance.accounts.session_age import ends_at
    from assurance.accounts.sessions import SessionStore

    row = Session.objects.get(user=person)
    now = timezone.now()
    store = SessionStore(row.session_key)
    data = store.load() | {"started_at": (now - started).timestamp(), "seen_at": (now - seen).timestamp()}
    ends = ends_at(started_at=now - started, seen_at=now - seen, longest=timedelta(hours=12), idle=timedelta(hours=3))
    Session.objects.filter(pk=row.pk).update(session_data=store.encode(data), expire_date=ends)


@pytest.mark.django_db
@pytest.mark.row("P22.5")
class TestASession:
    def test_lasts_three_hours_without_a_request(self, amal_signs_in: User):
        client = inside(amal_signs_in)
        move_back(amal_signs_in, started=timedelta(hours=3), seen=timedelta(hours=2, minutes=59))
        assert client.get(ME).status_code == 200
        move_back(amal_signs_in, started=timedelta(hours=4), seen=timedelta(hours=3, seconds=1))
        assert client.get(ME).headers["Location"] == f"/accounts/login/?next={ME}"

    def test_lasts_twelve_hours_in_any_case(self, amal_signs_in: User):
        client = inside(amal_signs_in)
        move_back(amal_signs_in, started=timedelta(hours=11, minutes=59), seen=timedelta(minutes=5))
        assert client.get(ME).status_code == 200
        ends_in = Session.objects.get(user=amal_signs_in).expire_date - timezone.now()
        assert ends_in < timedelta(minutes=1)
        move_back(amal_signs_in, started=timedelta(hours=12, seconds=1), seen=timedelta(minutes=5))
        assert client.get(ME).status_code == 302

    def test_is_prolonged_by_use_once_a_minute(self, amal_signs_in: User, django_assert_num_queries):
        client = inside(amal_signs_in)
        first = Session.objects.get(user=amal_signs_in).seen_at
        client.get(ME)
        assert Session.objects.get(user=amal_signs_in).seen_at == first
        move_back(amal_signs_in, started=timedelta(hours=2), seen=timedelta(hours=2))
        client.get(ME)
        session = Session.objects.get(user=amal_signs_in)
        assert timezone.now() - session.seen_at < timedelta(seconds=5)
        assert timezone.now() - session.started_at > timedelta(hours=2) - timedelta(seconds=5)

    def test_counts_from_signing_in_not_from_the_first_visit(self, amal_signs_in: User):
        client = browser()
        client.get("/accounts/register/")
        session = client.session
        session["started_at"] = (timezone.now() - timedelta(hours=11)).timestamp()
        session.save()
        client.cookies["sessionid"] = session.session_key

        client.post("/accounts/login/", {"login": amal_signs_in.email, "password": PASSWORD})

        assert timezone.now() - Session.objects.get(user=amal_signs_in).started_at < timedelta(minutes=1)


@pytest.mark.django_db
@pytest.mark.promise("G28")
class TestWhatEndsASession:
    def test_deactivation_at_the_next_request(self, amal: User, ann: User):
        client = inside(with_password(ann))

        people.deactivate(person_id=ann.pk, reason="left the company", actor=amal, at=timezone.now())

        assert (client.get(ME).status_code, Session.objects.filter(user=ann).count()) == (302, 0)
        assert client.get("/api/v1/me/").status_code == 401

    def test_deactivation_even_if_the_session_row_were_still_there(self, ann: User):
        client = inside(with_password(ann))
        User.objects.filter(pk=ann.pk).update(is_active=False)

        assert (client.get(ME).status_code, client.get("/api/v1/me/").status_code) == (302, 401)

    def test_closing_the_organisation(self, ann: User):
        client = inside(with_password(ann))
        Organisation.objects.filter(pk=ann.organisation_id).update(is_active=False)

        assert client.get(ME).status_code == 302

    def test_another_role(self, amal: User, ann: User):
        client = inside(with_password(ann))

        people.change_role(person_id=ann.pk, role="merchant_owner", actor=amal, at=timezone.now())

        assert client.get(ME).status_code == 302

    def test_a_new_password_everywhere_else(self, amal_signs_in: User):
        here, there = inside(amal_signs_in), inside(amal_signs_in, "198.51.100.8")
        before = here.cookies["sessionid"].value

        response = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "a completely new one"})

        assert (response.status_code, here.get(ME).status_code, there.get(ME).status_code) == (302, 200, 302)
        assert here.cookies["sessionid"].value != before
        assert Session.objects.filter(user=amal_signs_in).count() == 1
        changed = Event.objects.get(kind="accounts.password.changed")
        assert (changed.actor_id, changed.changes) == (amal_signs_in.pk, {"password": [None, None], "sessions_ended": [None, 1]})

    def test_a_wrong_old_password_changes_nothing(self, amal_signs_in: User):
        here = inside(amal_signs_in)

        response = here.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": "a completely new one"})

        amal_signs_in.refresh_from_db()
        assert (response.status_code, amal_signs_in.check_password(PASSWORD)) == (401, True)

    def test_the_person_in_another_browser(self, amal_signs_in: User):
        here, there = inside(amal_signs_in), inside(amal_signs_in, "198.51.100.8")
        listed = here.get("/api/v1/sessions/").json()
        other = next(one for one in listed if not one["is_this"])
        assert {one["place"] for one in listed} == {"198.51.100.7", "198.51.100.8"}

        response = here.post(f"/accounts/me/sessions/{other['handle']}/end/")

        assert (response.status_code, here.get(ME).status_code, there.get(ME).status_code) == (302, 200, 302)
        assert Event.objects.filter(kind="accounts.session.ended").count() == 1

    def test_the_person_everywhere_else(self, amal_signs_in: User):
        here, there = inside(amal_signs_in), inside(amal_signs_in, "198.51.100.8")

        here.post("/accounts/me/sessions/end-others/")

        assert (here.get(ME).status_code, there.get(ME).status_code) == (200, 302)

    def test_nobody_else(self, amal_signs_in: User, chidi: User):
        there = inside(amal_signs_in)
        handle = inside(with_password(chidi)).get("/api/v1/sessions/").json()[0]["handle"]
        assert inside(amal_signs_in, "198.51.100.9").post(f"/accounts/me/sessions/{handle}/end/").status_code == 404
        assert Session.objects.filter(user=chidi).count() == 1
        assert there.get(ME).status_code == 200

    def test_its_key_is_never_shown(self, amal_signs_in: User):
        client = inside(amal_signs_in)
        key = client.cookies["sessionid"].value
        assert key not in client.get(ME).content.decode() + client.get("/api/v1/sessions/").content.decode()


@pytest.mark.django_db
class TestSweeping:
    def test_removes_what_is_over_and_keeps_what_counts(self, amal_signs_in: User):
        now = timezone.now()
        inside(amal_signs_in)
        Session.objects.create(session_key="a" * 32, session_data="", expire_date=now - timedelta(seconds=1), started_at=now, seen_at=now)
        for outcome, days in (("failed", 2), ("right", 2), ("entered", 2), ("entered", 91), ("failed", 0)):
            SignInAttempt.objects.create(account="user:1", place="::", outcome=outcome, at=now - timedelta(days=days))

        sign_in.sweep(at=now)

        left = SignInAttempt.objects.filter(account="user:1", place="::").values_list("outcome", flat=True)
        assert sorted(left) == ["entered", "failed"]
        assert list(Session.objects.values_list("user_id", flat=True)) == [amal_signs_in.pk]


@pytest.mark.django_db
@pytest.mark.row("P21.1", "P21.3")
class TestOnesOwnAccount:
    def test_language_and_zone_follow_the_person(self, amal_signs_in: User):
        client = inside(amal_signs_in)
        given = {"name": "阿玛", "phone": "13900139000", "language": "zh-hans", "timezone": "Asia/Tokyo"}

        response = client.post(ME, given)

        amal_signs_in.refresh_from_db()
        assert response.status_code == 302
        assert (amal_signs_in.name, amal_signs_in.phone) == ("阿玛", "+8613900139000")
        page = client.get(ME).content.decode()
        assert '<html lang="zh-Hans"' in page
        signed_in_at = Session.objects.get(user=amal_signs_in).started_at
        import zoneinfo

        assert f"{signed_in_at.astimezone(zoneinfo.ZoneInfo('Asia/Tokyo')):%H:%M}" in page

    def test_the_switch_is_remembered_in_the_account(self, amal_signs_in: User):
        client = inside(amal_signs_in)

        client.post("/language/", {"language": "zh-hans", "next": ME})

        amal_signs_in.refresh_from_db()
        assert amal_signs_in.language == "zh-hans"
        assert '<html lang="zh-Hans"' in inside(amal_signs_in, "198.51.100.8").get(ME).content.decode()

    def test_a_language_nobody_speaks_here_changes_nothing(self, amal_signs_in: User):
        client = inside(amal_signs_in)
        client.post("/language/", {"language": "de"})
        amal_signs_in.refresh_from_db()
        assert amal_signs_in.language == "en"

    @pytest.mark.parametrize("bad", [{"timezone": "Mars/Olympus"}, {"language": "de"}, {"phone": "123"}, {"name": ""}])
    def test_refuses_what_cannot_be_meant(self, amal_signs_in: User, bad: dict[str, str]):
        client = inside(amal_signs_in)
        given = {"name": "Amal", "phone": "", "language": "en", "timezone": "UTC"} | bad
        assert client.post(ME, given).status_code == 422

    def test_what_changed_is_written_down_without_the_person(self, amal: User):
        preferences.change_me(actor=amal, at=timezone.now(), name="阿玛", language="zh-hans")

        event = Event.objects.get(kind="accounts.person.changed")
        assert event.changes["language"] == ["en", "zh-hans"]
        assert all(part.startswith("sha256:") for part in event.changes["name"])

    def test_a_phone_number_of_somebody_else_is_refused(self, amal_signs_in: User, chidi: User):
        User.objects.filter(pk=chidi.pk).update(phone="+8613900139000")
        given = {"name": "Amal", "phone": "13900139000", "language": "en", "timezone": "UTC"}

        assert inside(amal_signs_in).post(ME, given).status_code == 422
