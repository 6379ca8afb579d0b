"""A merchant registers; an invited person joins."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assurance.accounts.actions import people, registration
from assurance.accounts.links import invitation_token
from assurance.accounts.models import Invitation, Organisation, User
from assurance.accounts.tasks import mail_account_exists, mail_invitation
from assurance.events.models import Event, Job
from assurance.roles import Role

PASSWORD = "correct horse battery"
GOOD = {
    "company": "禾见食品有限公司",
    "credit_code": "91330109MA2KD00X1H",
    "name": "王小禾",
    "email": "Owner@hejian.example",
    "phone": "138 0013 8000",
    "password": PASSWORD,
}


def register(client: Client, **given: str):
    return client.post(reverse("accounts:register"), GOOD | given)


def run_mail_jobs() -> None:
    for job in Job.objects.filter(handler__startswith="assurance.accounts.mail", state="new").order_by("id"):
        if job.handler.endswith("mail_invitation"):
            mail_invitation(**job.payload)
        elif job.handler.endswith("mail_account_exists"):
            mail_account_exists(**job.payload)


def path_in(letter: str) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", letter)
    assert found
    return found[1]


@pytest.mark.django_db
class TestRegistering:
    def test_adds_a_merchant_and_its_owner_who_cannot_sign_in_yet(self, client: Client):
        response = register(client)

        assert (response.status_code, response.headers["Location"]) == (302, reverse("accounts:registered"))
        owner = User.objects.select_related("organisation").get()
        assert (owner.email, owner.phone, owner.role) == ("owner@hejian.example", "+8613800138000", Role.MERCHANT_OWNER)
        assert (owner.is_active, owner.check_password(PASSWORD), owner.password.split("$")[1]) == (False, True, "argon2id")
        assert (owner.organisation.kind, owner.organisation.name) == ("merchant", "禾见食品有限公司")
        assert owner.organisation.credit_code == "91330109MA2KD00X1H"

    def test_writes_down_what_was_done_without_the_person(self, client: Client):
        register(client)

        kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
        assert kinds == ["accounts.organisation.registered", "accounts.person.invited"]
        written = str(list(Event.objects.values_list("changes", "ids", "reason")))
        for personal in ("王小禾", "owner@hejian.example", "13800138000", PASSWORD):
            assert personal not in written

    def test_mails_a_link_that_lets_the_owner_in(self, client: Client):
        register(client)
        run_mail_jobs()
        link = path_in(str(mail.outbox[0].body))
        assert mail.outbox[0].to == ["owner@hejian.example"]

        shown = client.get(link)
        done = client.post(link)

        assert (shown.status_code, done.status_code, done.headers["Location"]) == (200, 302, reverse("account_login"))
        assert User.objects.get().is_active
        entered = client.post(reverse("account_login"), {"login": "owner@hejian.example", "password": PASSWORD})
        assert (entered.status_code, entered.headers["Location"]) == (302, "/")

    @pytest.mark.parametrize(
        ("language", "sentence"),
        [("en", "18 characters are expected, 17 were given."), ("zh-hans", "应有 18 位，现在 17 位。")],
    )
    @pytest.mark.row("P21.1")
    def test_says_what_is_wrong_with_a_credit_code(self, client: Client, language: str, sentence: str):
        client.cookies["django_language"] = language

        response = register(client, credit_code="91330109MA2KD00X1")

        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not Organisation.objects.exists()

    def test_refuses_a_credit_code_twice_without_saying_whose_it_is(self, client: Client):
        register(client)

        response = register(client, email="second@elsewhere.example", phone="13900139000", company="别家食品")

        body = response.content.decode()
        assert response.status_code == 422
        assert "credit_code_error" in body
        assert "禾见" not in body
        assert (Organisation.objects.count(), User.objects.count()) == (1, 1)

    def test_answers_the_same_for_an_address_that_has_an_account(self, client: Client, amal: User):
        first = register(client)
        again = register(client, email=amal.email.upper(), credit_code="91110000600037341L")

        assert (again.status_code, again.headers["Location"]) == (first.status_code, first.headers["Location"])
        assert not Organisation.objects.filter(credit_code="91110000600037341L").exists()
        run_mail_jobs()
        assert [letter.to for letter in mail.outbox] == [["owner@hejian.example"], [amal.email]]
        assert "You have an account already" in mail.outbox[1].subject

    def test_leaves_out_a_phone_number_of_somebody_else(self, client: Client, amal: User):
        response = register(client, phone="13800000001")

        assert response.status_code == 302
        assert User.objects.get(email="owner@hejian.example").phone is None

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("password", "short"),
            ("password", "password1234"),
            ("password", "owner@hejian.example"),
            ("password", "x" * 129),
            ("email", "nobody"),
            ("phone", "12345"),
            ("name", "a\u202eb"),
            ("company", ""),
        ],
    )
    def test_refuses_what_cannot_be_meant(self, client: Client, field: str, value: str):
        response = register(client, **{field: value})

        assert response.status_code == 422
        assert f'id="id_{field}_error"' in response.content.decode()
        assert not User.objects.exists()

    def test_is_limited_by_place(self, client: Client):
        statuses = [register(client, credit_code="1").status_code for _ in range(21)]

        assert statuses == [422] * 20 + [429]

    def test_gives_the_link_on_the_page_only_where_no_mail_is_sent(self, client: Client, settings):
        settings.PRODUCTION = False
        register(client)
        assert b"data-local-link" in client.get(reverse("accounts:registered")).content
        settings.PRODUCTION = True
        other = Client()
        register(other, credit_code="91110000600037341L", email="b@b.example", phone="")
        assert b"data-local-link" not in other.get(reverse("accounts:registered")).content


@pytest.mark.django_db
class TestRegisteringByProgram:
    URL = "/api/v1/registrations/"

    def test_adds_a_merchant(self, client: Client):
        response = client.post(self.URL, GOOD, content_type="application/json", headers={"Idempotency-Key": "k1"})

        assert response.status_code == 202
        assert User.objects.get().email == "owner@hejian.example"

    def test_refuses_a_bad_code_at_its_field(self, client: Client):
        response = client.post(
            self.URL, GOOD | {"credit_code": "91330109MA2KD00X1"}, content_type="application/json", headers={"Idempotency-Key": "k2"}
        )

        assert response.status_code == 400
        assert [(flaw["field"], flaw["code"]) for flaw in response.json()["errors"]] == [("credit_code", "credit_code_length")]

    def test_refuses_a_code_twice_at_its_field(self, client: Client):
        client.post(self.URL, GOOD, content_type="application/json", headers={"Idempotency-Key": "k3"})
        response = client.post(
            self.URL, GOOD | {"email": "other@x.example"}, content_type="application/json", headers={"Idempotency-Key": "k4"}
        )

        assert response.status_code == 409
        assert [(flaw["field"], flaw["code"]) for flaw in response.json()["errors"]] == [("credit_code", "credit_code_taken")]

    def test_refuses_a_weak_password_and_an_unknown_field(self, client: Client):
        weak = client.post(self.URL, GOOD | {"password": "123"}, content_type="application/json", headers={"Idempotency-Key": "k5"})
        unknown = client.post(
            self.URL, GOOD | {"role": "platform_admin"}, content_type="application/json", headers={"Idempotency-Key": "k6"}
        )

        assert {flaw["field"] for flaw in weak.json()["errors"]} == {"password"}
        assert [(flaw["field"], flaw["code"]) for flaw in unknown.json()["errors"]] == [("role", "unknown_field")]
        assert not User.objects.exists()


@pytest.fixture
def invited(amal: User) -> Invitation:
    person = people.invite_person(
        organisation_id=amal.organisation_id,
        name="安安",
        email="new@hejian.example",
        phone=None,
        role=Role.MERCHANT_OPERATOR,
        language="en",
        actor=amal,
        at=timezone.now(),
    )
    return person.invitations.get()


def link(invitation: Invitation) -> str:
    return reverse("accounts:join", args=[invitation_token(invitation)])


@pytest.mark.django_db
class TestAnInvitation:
    def test_lets_a_person_choose_a_password(self, client: Client, invited: Invitation):
        response = client.post(link(invited), {"password": PASSWORD})

        person = User.objects.get(email="new@hejian.example")
        assert response.status_code == 302
        assert (person.is_active, person.check_password(PASSWORD)) == (True, True)
        assert Event.objects.filter(kind="accounts.person.joined", subject_id=person.pk).count() == 1

    def test_is_not_used_up_by_looking_at_it(self, client: Client, invited: Invitation):
        assert [client.get(link(invited)).status_code for _ in range(3)] == [200, 200, 200]

    def test_works_once(self, client: Client, invited: Invitation):
        client.post(link(invited), {"password": PASSWORD})

        again = client.post(link(invited), {"password": "another long password"})

        assert (again.status_code, client.get(link(invited)).status_code) == (410, 410)
        assert User.objects.get(email="new@hejian.example").check_password(PASSWORD)

    def test_works_for_three_days(self, client: Client, invited: Invitation):
        Invitation.objects.update(made_at=timezone.now() - timedelta(days=4), expires_at=timezone.now() - timedelta(seconds=1))

        assert client.post(link(invited), {"password": PASSWORD}).status_code == 410
        assert not User.objects.get(email="new@hejian.example").is_active

    def test_dies_when_a_new_one_is_sent(self, client: Client, invited: Invitation, amal: User):
        new = people.invite_again(person_id=invited.user_id, actor=amal, at=timezone.now())

        assert (client.get(link(invited)).status_code, client.get(link(new)).status_code) == (410, 200)

    def test_that_was_not_made_here_does_not_exist(self, client: Client, invited: Invitation):
        token = invitation_token(invited)
        forged = [f"{invited.pk}:x", token[:-1] + ("A" if token[-1] != "A" else "B"), f"{invited.pk + 1}{token[1:]}", "nonsense"]

        assert [client.get(reverse("accounts:join", args=[one])).status_code for one in forged] == [404] * 4

    def test_needs_a_strong_password(self, client: Client, invited: Invitation):
        assert client.post(link(invited), {"password": "new@hejian.example"}).status_code == 422
        assert not User.objects.get(email="new@hejian.example").is_active

    def test_can_be_accepted_by_program(self, client: Client, invited: Invitation):
        url, body = "/api/v1/invitations/accept/", {"token": invitation_token(invited), "password": PASSWORD}

        statuses = [
            client.post(url, given, content_type="application/json", headers={"Idempotency-Key": f"k{n}"}).status_code
            for n, given in enumerate((body | {"token": "x"}, body, body))
        ]

        assert statuses == [404, 204, 410]

    def test_is_accepted_by_one_of_two_at_once(self, invited: Invitation):
        registration.accept_invitation(invitation_id=invited.pk, password=PASSWORD, at=timezone.now())
        with pytest.raises(registration.LinkUsed):
            registration.accept_invitation(invitation_id=invited.pk, password="something else here", at=timezone.now())

    def test_stores_nothing_secret(self, invited: Invitation):
        run_mail_jobs()

        assert invitation_token(invited) in str(mail.outbox[0].body)
        stored = str(list(Job.objects.values())) + str(list(Event.objects.values()))
        assert invitation_token(invited) not in stored
