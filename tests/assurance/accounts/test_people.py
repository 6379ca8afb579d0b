"""Owners and the platform manage people; strangers see masks."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from assurance.accounts.actions import people
from assurance.accounts.models import Invitation, Organisation, User
from assurance.events.models import Event
from assurance.roles import Kind, Role
from tests import factories


def inside(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def act(deed, person: User, actor: User, **more: object):
    return deed(person_id=person.pk, actor=actor, at=timezone.now(), **more)


@pytest.mark.django_db
@pytest.mark.row("P22.1")
class TestTheListOfPeople:
    def test_shows_an_owner_his_own_people_in_clear(self, amal: User, ann: User, chidi: User):
        page = inside(amal).get("/accounts/people/").content.decode()

        assert all(text in page for text in (amal.name, amal.email, "13800000001", ann.email))
        assert "Chidi" not in page
        assert chidi.email not in page

    def test_shows_the_platform_everybody_masked(self, eve: User, amal: User, chidi: User):
        page = inside(eve).get("/accounts/people/").content.decode()

        assert all(text in page for text in ("A***", "C***", "a***@hejian.example", "138******01", eve.email))
        assert not any(text in page for text in ("Amal", "Chidi", amal.email, "13800000001"))

    def test_of_another_organisation_is_not_there(self, amal: User, other_merchant: Organisation):
        assert inside(amal).get(f"/accounts/people/?organisation={other_merchant.code}").status_code == 404

    def test_costs_the_same_for_ten_people_and_for_a_hundred(self, eve: User, hejian: Organisation):
        from django.test.utils import CaptureQueriesContext

        client = inside(eve)

        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/accounts/people/").status_code == 200
            return len(queries)

        for _ in range(5):
            factories.user(Role.MERCHANT_OPERATOR, hejian)
        few = count()
        for _ in range(40):
            factories.user(Role.MERCHANT_OPERATOR, hejian)
        assert count() == few

    def test_in_the_api_is_masked_too(self, eve: User, amal: User):
        rows = {row["id"]: row for row in inside(eve).get("/api/v1/members/").json()["results"]}

        assert (rows[amal.pk]["name"], rows[amal.pk]["email"], rows[amal.pk]["phone"]) == ("A***", "a***@hejian.example", "138******01")
        assert (rows[amal.pk]["is_masked"], rows[eve.pk]["is_masked"], rows[eve.pk]["name"]) == (True, False, "Eve")

    def test_has_a_page_for_each(self, amal: User, ann: User, chidi: User):
        client = inside(amal)
        assert [client.get(f"/accounts/people/{one.pk}/").status_code for one in (amal, ann, chidi)] == [200, 200, 404]


@pytest.mark.django_db
class TestInviting:
    def body(self, **given: str) -> dict[str, str]:
        return {"name": "安安", "email": "new@hejian.example", "phone": "", "role": "merchant_operator", "language": "zh-hans"} | given

    def test_adds_a_person_who_must_come_by_the_link(self, amal: User, hejian: Organisation):
        response = inside(amal).post(f"/accounts/organisations/{hejian.code}/invite/", self.body())

        person = User.objects.get(email="new@hejian.example")
        assert response.headers["Location"] == f"/accounts/people/{person.pk}/"
        assert (person.organisation, person.is_active, person.has_usable_password()) == (hejian, False, False)
        assert Invitation.objects.get().expires_at - Invitation.objects.get().made_at == timedelta(days=3)
        assert "invited" in inside(amal).get("/accounts/people/").content.decode()

    def test_into_another_organisation_does_not_exist(self, amal: User, other_merchant: Organisation):
        page = inside(amal).post(f"/accounts/organisations/{other_merchant.code}/invite/", self.body())
        api = inside(amal).post(
            "/api/v1/members/",
            self.body() | {"organisation": other_merchant.code, "phone": None},
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )

        assert (page.status_code, api.status_code) == (404, 400)
        assert [(flaw["field"], flaw["code"]) for flaw in api.json()["errors"]] == [("organisation", "not_found")]
        assert User.objects.count() == 1

    @pytest.mark.parametrize("role", ["platform_admin", "qc_inspector", "auditor", "", "king"])
    def test_gives_only_roles_of_the_kind(self, amal: User, hejian: Organisation, role: str):
        response = inside(amal).post(f"/accounts/organisations/{hejian.code}/invite/", self.body(role=role))

        assert (response.status_code, User.objects.count()) == (422, 1)

    def test_by_program_gives_only_roles_of_the_kind(self, amal: User, hejian: Organisation):
        response = inside(amal).post(
            "/api/v1/members/",
            self.body(role="platform_admin") | {"organisation": hejian.code, "phone": None},
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )

        assert (response.status_code, response.json()["code"], User.objects.count()) == (422, "role_does_not_fit", 1)

    def test_an_address_or_number_in_use_is_refused_at_its_field(self, amal: User, hejian: Organisation, chidi: User):
        taken = inside(amal).post(f"/accounts/organisations/{hejian.code}/invite/", self.body(email=chidi.email.upper()))
        number = inside(amal).post(f"/accounts/organisations/{hejian.code}/invite/", self.body(phone="13800000001"))

        assert (taken.status_code, number.status_code) == (422, 422)
        assert "id_email_error" in taken.content.decode()
        assert "id_phone_error" in number.content.decode()

    def test_is_not_for_operators(self, ann: User, hejian: Organisation):
        assert inside(ann).get(f"/accounts/organisations/{hejian.code}/invite/").status_code == 403
        with pytest.raises(people.NotYours):
            people.invite_person(
                organisation_id=hejian.pk,
                name="x",
                email="x@x.example",
                phone=None,
                role="merchant_owner",
                language="en",
                actor=ann,
                at=timezone.now(),
            )

    def test_again_is_possible_until_the_person_came(self, amal: User, ann: User):
        with pytest.raises(people.AlreadyJoined):
            act(people.invite_again, ann, amal)


@pytest.mark.django_db
class TestChangingARole:
    def test_is_written_down_with_before_and_after(self, amal: User, ann: User):
        response = inside(amal).post(f"/accounts/people/{ann.pk}/role/", {"role": "merchant_owner"})

        ann.refresh_from_db()
        event = Event.objects.get(kind="accounts.person.role_changed")
        assert (response.status_code, ann.role) == (302, "merchant_owner")
        assert (event.actor_id, event.changes) == (amal.pk, {"role": ["merchant_operator", "merchant_owner"]})

    def test_of_ones_own_is_refused(self, amal: User, ann: User):
        User.objects.filter(pk=ann.pk).update(role="merchant_owner")
        with pytest.raises(people.NotYourself):
            act(people.change_role, amal, amal, role="merchant_operator")
        assert inside(amal).post(f"/accounts/people/{amal.pk}/role/", {"role": "merchant_operator"}).status_code == 403

    def test_to_one_of_another_kind_is_refused(self, eve: User, ann: User):
        with pytest.raises(people.RoleDoesNotFit):
            act(people.change_role, ann, eve, role="platform_admin")
        ann.refresh_from_db()
        assert ann.role == "merchant_operator"

    def test_cannot_take_the_last_owner(self, eve: User, amal: User):
        with pytest.raises(people.LastManager):
            act(people.change_role, amal, eve, role="merchant_operator")

    def test_of_a_stranger_does_not_exist(self, amal: User, chidi: User):
        assert inside(amal).post(f"/accounts/people/{chidi.pk}/role/", {"role": "merchant_operator"}).status_code == 404
        with pytest.raises(people.NotYours):
            act(people.change_role, chidi, amal, role="merchant_operator")

    def test_is_refused_by_the_database_when_it_does_not_fit(self, ann: User):
        for wrong in ({"role": "qc_lead"}, {"organisation_kind": "platform", "role": "platform_admin"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                User.objects.filter(pk=ann.pk).update(**wrong)


@pytest.mark.django_db
class TestDeactivating:
    def test_needs_a_reason(self, amal: User, ann: User):
        assert inside(amal).post(f"/accounts/people/{ann.pk}/deactivate/", {"reason": ""}).status_code == 422
        with pytest.raises(people.ReasonMissing):
            act(people.deactivate, ann, amal, reason="")

    def test_is_written_down_with_its_reason(self, amal: User, ann: User):
        inside(amal).post(f"/accounts/people/{ann.pk}/deactivate/", {"reason": "left the company"})

        ann.refresh_from_db()
        event = Event.objects.get(kind="accounts.person.deactivated")
        assert (ann.is_active, event.reason, event.changes["is_active"]) == (False, "left the company", [True, False])

    def test_of_oneself_of_the_last_owner_and_of_strangers_is_refused(self, amal: User, eve: User, chidi: User):
        for person, actor, refusal in ((amal, amal, people.NotYourself), (amal, eve, people.LastManager), (chidi, amal, people.NotYours)):
            with pytest.raises(refusal):
                act(people.deactivate, person, actor, reason="x")
        assert User.objects.filter(is_active=True).count() == 3

    def test_twice_is_refused(self, amal: User, ann: User):
        act(people.deactivate, ann, amal, reason="left")
        with pytest.raises(people.AlreadySo):
            act(people.deactivate, ann, amal, reason="left")

    def test_withdraws_an_invitation(self, amal: User, hejian: Organisation):
        person = people.invite_person(
            organisation_id=hejian.pk,
            name="x",
            email="x@x.example",
            phone=None,
            role="merchant_operator",
            language="en",
            actor=amal,
            at=timezone.now(),
        )
        act(people.deactivate, person, amal, reason="wrong address")
        assert Invitation.objects.get().withdrawn_at is not None
        with pytest.raises(people.NeverJoined):
            act(people.reactivate, person, amal, reason="x")
        act(people.invite_again, person, amal)
        assert Invitation.objects.filter(withdrawn_at=None).count() == 1

    def test_can_be_taken_back(self, amal: User, ann: User):
        act(people.deactivate, ann, amal, reason="left")
        inside(amal).post(f"/accounts/people/{ann.pk}/reactivate/", {"reason": "came back"})
        ann.refresh_from_db()
        assert ann.is_active
        with pytest.raises(people.AlreadySo):
            act(people.reactivate, ann, amal, reason="x")


class TestTwoOwnersAtOnce:
    def test_cannot_remove_each_other(self, committed_db):
        company = factories.organisation()
        owners = [factories.user(Role.MERCHANT_OWNER, company) for _ in range(2)]
        start, refused = threading.Barrier(2), []

        def remove(actor: User, other: User) -> None:
            try:
                start.wait(10)
                act(people.deactivate, other, actor, reason="quarrel")
            except (people.LastManager, people.NotYours) as refusal:
                refused.append(refusal)
            finally:
                connection.close()

        threads = [threading.Thread(target=remove, args=pair) for pair in (owners, owners[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        assert (len(refused), User.objects.filter(is_active=True).count()) == (1, 1)


@pytest.mark.django_db
class TestCreatingAnOrganisation:
    BODY = {
        "kind": "lab",
        "name": "华测检测",
        "code": "CTI",
        "credit_code": "",
        "person_name": "李工",
        "email": "li@cti.example",
        "phone": "",
        "role": "lab_analyst",
        "language": "zh-hans",
    }

    def test_invites_its_first_person(self, eve: User):
        response = inside(eve).post("/accounts/organisations/create/", self.BODY)

        made = Organisation.objects.get(code="CTI")
        assert response.status_code == 302
        assert (made.kind, [person.role for person in made.people.all()]) == (Kind.LAB, ["lab_analyst"])
        assert list(Event.objects.order_by("id").values_list("kind", flat=True)) == [
            "accounts.organisation.created",
            "accounts.person.invited",
        ]

    def test_makes_a_code_when_none_is_given(self, eve: User):
        inside(eve).post("/accounts/organisations/create/", self.BODY | {"code": ""})

        assert len(Organisation.objects.get(kind="lab").code) == 7

    @pytest.mark.parametrize("wrong", [{"role": "merchant_owner"}, {"code": "cti!"}, {"code": "WUYOU"}, {"kind": "bank"}, {"email": "x"}])
    def test_refuses_what_does_not_fit_and_adds_nothing(self, eve: User, wrong: dict[str, str]):
        response = inside(eve).post("/accounts/organisations/create/", self.BODY | wrong)

        assert response.status_code in (409, 422)
        assert not Organisation.objects.filter(kind="lab").exists()

    def test_is_for_the_platform_only(self, amal: User, ada: User, dana: User):
        for person in (amal, ada, dana):
            assert inside(person).post("/accounts/organisations/create/", self.BODY).status_code == 403
            with pytest.raises(people.NotYours):
                people.create_organisation(actor=person, at=timezone.now(), **self.BODY)
        assert not Organisation.objects.filter(kind="lab").exists()

    def test_shows_in_the_list(self, eve: User, ada: User, hejian: Organisation):
        for person in (eve, ada):
            assert hejian.name in inside(person).get("/accounts/organisations/?q=禾").content.decode()
            assert hejian.name not in inside(person).get("/accounts/organisations/?q=nothing").content.decode()
            assert [row["code"] for row in inside(person).get("/api/v1/organisations/").json()["results"]] == ["HEJIAN", "WUYOU"]


@pytest.mark.django_db
@pytest.mark.promise("G31")
class TestLookingBehindTheMask:
    def test_needs_a_right_and_a_reason_and_is_written_down(self, eve: User, amal: User):
        client = inside(eve)
        assert client.post(f"/accounts/people/{amal.pk}/reveal/", {"reason": ""}).status_code == 422
        assert not Event.objects.filter(kind="accounts.person.revealed").exists()

        page = client.post(f"/accounts/people/{amal.pk}/reveal/", {"reason": "call back about a recall"}).content.decode()

        assert all(text in page for text in ("Amal", amal.email, "13800000001"))
        event = Event.objects.get(kind="accounts.person.revealed")
        assert (event.actor_id, event.subject_id, event.reason, event.changes) == (eve.pk, amal.pk, "call back about a recall", {})

    def test_lasts_for_one_look(self, eve: User, amal: User):
        client = inside(eve)
        client.post(f"/accounts/people/{amal.pk}/reveal/", {"reason": "recall"})

        assert "Amal" not in client.get(f"/accounts/people/{amal.pk}/").content.decode()

    def test_is_not_for_the_auditor(self, ada: User, amal: User):
        assert inside(ada).post(f"/accounts/people/{amal.pk}/reveal/", {"reason": "x"}).status_code == 403
        with pytest.raises(people.NotYours):
            act(people.reveal_person, amal, ada, reason="x")

    def test_by_an_owner_ends_at_his_organisation(self, amal: User, chidi: User):
        assert inside(amal).post(f"/accounts/people/{chidi.pk}/reveal/", {"reason": "x"}).status_code == 404

    def test_is_possible_twenty_times_an_hour(self, eve: User, amal: User):
        for _ in range(20):
            act(people.reveal_person, amal, eve, reason="x")
        with pytest.raises(people.TooManyReveals):
            act(people.reveal_person, amal, eve, reason="x")
        assert inside(eve).post(f"/accounts/people/{amal.pk}/reveal/", {"reason": "x"}).status_code == 429
        assert Event.objects.filter(kind="accounts.person.revealed").count() == 20
