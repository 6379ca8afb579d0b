"""The keys of programs."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assurance.accounts.actions import keys, people
from assurance.accounts.models import ApiKey, Organisation, User
from assurance.accounts.scopes import SCOPES
from assurance.events.models import Event
from assurance.web.models import IdempotencyKey
from tests.assurance.accounts.conftest import browser

ME = "/api/v1/me/"
ALL = list(SCOPES)


def program(credential: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {credential}"})


def make(person: User, *scopes: str, days: int = 30) -> tuple[ApiKey, str]:
    return keys.make_key(name="ERP", scopes=scopes or ALL, days=days, actor=person, at=timezone.now())


def write(client: Client, url: str, body: object = None, key: str = ""):
    return client.post(url, body or {}, content_type="application/json", headers={"Idempotency-Key": key or secrets.token_hex(8)})


@pytest.mark.django_db
@pytest.mark.row("P19.1")
class TestAKey:
    def test_acts_as_its_person(self, amal: User):
        _, credential = make(amal)

        response = program(credential).get(ME)

        assert (response.status_code, response.json()["email"]) == (200, amal.email)

    def test_is_kept_as_a_digest_only(self, amal: User):
        key, credential = make(amal)
        start, prefix, secret = credential.split("_")

        assert (start, prefix, len(secret)) == ("wy", key.prefix, 40)
        key.refresh_from_db()
        assert len(bytes(key.digest)) == 32
        assert secret not in str(list(ApiKey.objects.values())) + str(list(Event.objects.values()))

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda c: c[:-1] + ("A" if c[-1] != "A" else "B"),
            lambda c: c.replace("wy_", "xx_"),
            lambda c: c.rsplit("_", 1)[0] + "_",
            lambda c: c.rsplit("_", 1)[0],
            lambda c: "wy_" + "a" * 10 + "_" + c.rsplit("_", 1)[1],
            lambda c: c.swapcase(),
            lambda c: c + "\u00e9",
            lambda c: c * 10,
            lambda _: "wy__",
            lambda _: "",
        ],
    )
    def test_that_is_not_exactly_right_is_nobody(self, amal: User, spoil):
        _, credential = make(amal)

        response = program(spoil(credential)).get(ME)

        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")

    def test_dies_with_its_time_its_person_its_organisation_and_its_revocation(self, amal: User):
        now = timezone.now()
        _, credential = make(amal)
        for change, back in (
            (
                lambda: ApiKey.objects.update(created_at=now - timedelta(days=31), expires_at=now),
                lambda: ApiKey.objects.update(expires_at=now + timedelta(days=1)),
            ),
            (lambda: User.objects.update(is_active=False), lambda: User.objects.update(is_active=True)),
            (lambda: Organisation.objects.update(is_active=False), lambda: Organisation.objects.update(is_active=True)),
            (lambda: ApiKey.objects.update(revoked_at=now), lambda: ApiKey.objects.update(revoked_at=None)),
        ):
            assert program(credential).get(ME).status_code == 200
            change()
            assert program(credential).get(ME).status_code == 401
            back()

    def test_of_a_deactivated_person_stays_dead_after_reactivation(self, amal: User, ann: User):
        _, credential = make(ann)
        people.deactivate(person_id=ann.pk, reason="left", actor=amal, at=timezone.now())
        assert program(credential).get(ME).status_code == 401

        people.reactivate(person_id=ann.pk, reason="came back", actor=amal, at=timezone.now())

        assert program(credential).get(ME).status_code == 401

    def test_is_no_way_into_the_pages(self, amal: User):
        _, credential = make(amal)
        assert program(credential).get("/accounts/me/").status_code == 302

    def test_remembers_its_last_use_to_the_minute(self, amal: User):
        _, credential = make(amal)
        program(credential).get(ME)
        first = ApiKey.objects.get().last_used_at
        program(credential).get(ME)
        assert ApiKey.objects.get().last_used_at == first
        ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
        program(credential).get(ME)
        assert ApiKey.objects.get().last_used_at > first


@pytest.mark.django_db
class TestAScope:
    def test_is_needed_beside_the_role(self, amal: User):
        _, reader = make(amal, "account:read")

        assert program(reader).get(ME).status_code == 200
        refused = write_patch(program(reader), {"language": "en"})
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
        assert "account:write" in refused.json()["detail"]

    def test_gives_no_more_than_the_role(self, ann: User):
        _, credential = make(ann)

        assert program(credential).get("/api/v1/members/").status_code == 403

    @pytest.mark.parametrize("url", ["/api/v1/keys/", "/api/v1/sessions/"])
    def test_reaches_neither_keys_nor_sessions(self, amal: User, url: str):
        _, credential = make(amal)

        response = program(credential).get(url)

        assert (response.status_code, response.json()["code"]) == (403, "not_for_programs")

    def test_cannot_make_another_key_or_look_behind_a_mask(self, eve: User, amal: User):
        _, credential = make(eve)

        made = write(program(credential), "/api/v1/keys/", {"name": "x", "scopes": ["account:read"], "days": 1})
        seen = write(program(credential), f"/api/v1/members/{amal.pk}/reveal/", {"reason": "x"})

        assert (made.status_code, seen.status_code, ApiKey.objects.count()) == (403, 403, 1)


def write_patch(client: Client, body: object):
    return client.patch(ME, body, content_type="application/json", headers={"Idempotency-Key": secrets.token_hex(8)})


@pytest.mark.django_db
class TestMaking:
    def inside(self, person: User) -> Client:
        client = browser()
        client.force_login(person)
        return client

    def test_shows_the_secret_once_on_the_page(self, amal: User):
        client = self.inside(amal)

        response = client.post("/accounts/me/keys/make/", {"name": "ERP", "scopes": ["products:read"], "days": "30"})

        assert response.status_code == 200
        credential = response.context["secret"]
        assert credential in response.content.decode()
        assert credential not in client.get("/accounts/me/keys/").content.decode()
        assert program(credential).get(ME).status_code == 403

    def test_shows_the_secret_once_in_the_api_and_keeps_it_nowhere(self, amal: User):
        client, body = self.inside(amal), {"name": "ERP", "scopes": ["account:read"], "days": 30}

        first = write(client, "/api/v1/keys/", body, key="one")
        again = write(client, "/api/v1/keys/", body, key="one")

        credential = first.json()["credential"]
        assert (first.status_code, program(credential).get(ME).status_code) == (201, 200)
        assert (again.status_code, again.json()["credential"], again.json()["id"]) == (201, None, first.json()["id"])
        assert ApiKey.objects.count() == 1
        assert credential.rsplit("_", 1)[1].encode() not in bytes(IdempotencyKey.objects.get().body)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"days": 366}, "days"),
            ({"days": 0}, "days"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["everything:write"]}, "scopes.0"),
            ({"name": ""}, "name"),
            ({"user": 1}, "user"),
            ({"expires_at": "2099-01-01T00:00:00Z"}, "expires_at"),
        ],
    )
    def test_refuses_what_cannot_be(self, amal: User, given: dict[str, object], field: str):
        body = {"name": "ERP", "scopes": ["account:read"], "days": 30} | given

        response = write(self.inside(amal), "/api/v1/keys/", body)

        assert (response.status_code, [flaw["field"] for flaw in response.json()["errors"]]) == (400, [field])
        assert not ApiKey.objects.exists()

    def test_is_refused_by_the_action_too(self, amal: User):
        for scopes, days, refusal in (
            (["account:read"], 366, keys.LifeTooLong),
            (["moon:read"], 1, keys.ScopeUnknown),
            ([], 1, keys.ScopeUnknown),
        ):
            with pytest.raises(refusal):
                keys.make_key(name="x", scopes=scopes, days=days, actor=amal, at=timezone.now())

    def test_stops_at_twenty(self, amal: User):
        for _ in range(20):
            make(amal)
        with pytest.raises(keys.TooManyKeys):
            make(amal)

    def test_is_written_down(self, amal: User):
        key, _ = make(amal, "products:read")

        event = Event.objects.get(kind="accounts.key.made")
        assert (event.actor_id, event.subject_id, event.organisation_id) == (amal.pk, key.pk, amal.organisation_id)
        assert event.changes["scopes"] == [None, ["products:read"]]


@pytest.mark.django_db
class TestRotating:
    def test_leaves_both_valid_for_a_day(self, amal: User):
        now = timezone.now()
        old, old_credential = make(amal, "account:read", days=90)

        new, credential = keys.rotate_key(key_id=old.pk, actor=amal, at=now)

        old.refresh_from_db()
        assert (old.expires_at, new.replaces_id, new.scopes) == (now + timedelta(hours=24), old.pk, ["account:read"])
        assert new.expires_at - now == timedelta(days=90)
        assert [program(one).get(ME).status_code for one in (old_credential, credential)] == [200, 200]
        ApiKey.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=2), expires_at=now - timedelta(seconds=1))
        assert [program(one).get(ME).status_code for one in (old_credential, credential)] == [401, 200]

    def test_does_not_prolong_an_old_key_that_ends_sooner(self, amal: User):
        now = timezone.now()
        old, _ = make(amal)
        ApiKey.objects.filter(pk=old.pk).update(expires_at=now + timedelta(hours=1))

        keys.rotate_key(key_id=old.pk, actor=amal, at=now)

        old.refresh_from_db()
        assert old.expires_at == now + timedelta(hours=1)

    def test_happens_once_and_not_to_a_dead_key(self, amal: User):
        old, _ = make(amal)
        new, _ = keys.rotate_key(key_id=old.pk, actor=amal, at=timezone.now())
        with pytest.raises(keys.KeyIsReplaced):
            keys.rotate_key(key_id=old.pk, actor=amal, at=timezone.now())
        keys.revoke_key(key_id=new.pk, actor=amal, at=timezone.now())
        with pytest.raises(keys.KeyIsDead):
            keys.rotate_key(key_id=new.pk, actor=amal, at=timezone.now())

    def test_on_the_page_shows_the_new_secret(self, amal: User):
        old, _ = make(amal, "account:read")
        client = TestMaking().inside(amal)

        response = client.post(f"/accounts/me/keys/{old.pk}/rotate/")

        assert program(response.context["secret"]).get(ME).status_code == 200


@pytest.mark.django_db
class TestRevoking:
    def test_ends_it_at_once(self, amal: User):
        key, credential = make(amal)

        response = TestMaking().inside(amal).post(f"/accounts/me/keys/{key.pk}/revoke/")

        assert (response.status_code, program(credential).get(ME).status_code) == (302, 401)
        assert Event.objects.filter(kind="accounts.key.revoked", subject_id=key.pk).count() == 1

    def test_is_for_ones_own_keys(self, amal: User, ann: User, chidi: User, eve: User):
        key, credential = make(amal)
        for stranger in (ann, chidi, eve):
            client = TestMaking().inside(stranger)
            assert client.post(f"/accounts/me/keys/{key.pk}/revoke/").status_code == 404
            assert client.post(f"/accounts/me/keys/{key.pk}/rotate/").status_code == 404
            assert write(client, f"/api/v1/keys/{key.pk}/revoke/").status_code == 404
            assert write(client, f"/api/v1/keys/{key.pk}/rotate/").status_code == 404
        assert program(credential).get(ME).status_code == 200


@pytest.mark.django_db
class TestABrowserAtTheApi:
    def test_needs_the_token_against_forged_requests(self, amal: User):
        client = Client(enforce_csrf_checks=True)
        client.force_login(amal)

        refused = client.patch(ME, {"language": "zh-hans"}, content_type="application/json", headers={"Idempotency-Key": "a"})

        amal.refresh_from_db()
        assert (refused.status_code, refused.json()["code"], amal.language) == (403, "csrf_failed", "en")

    def test_changes_its_own_account(self, amal: User):
        response = write_patch(TestMaking().inside(amal), {"timezone": "UTC"})

        assert (response.status_code, response.json()["timezone"]) == (200, "UTC")

    @pytest.mark.parametrize("field", ["id", "email", "role", "organisation", "is_active", "password", "is_staff", "created_at"])
    @pytest.mark.promise("G23")
    def test_changes_nothing_that_is_not_its_own_to_change(self, amal: User, field: str):
        client = TestMaking().inside(amal)
        before = User.objects.filter(pk=amal.pk).values().get()

        response = write_patch(client, {field: "1"})

        assert (response.status_code, response.json()["code"]) == (400, "unknown_field")
        assert User.objects.filter(pk=amal.pk).values().get() == before
