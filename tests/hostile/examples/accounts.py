"""Examples for people, organisations, sessions and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.utils import timezone

from assurance.accounts.actions import keys, people
from assurance.accounts.links import invitation_token
from assurance.accounts.models import User
from assurance.accounts.queries import open_sessions
from assurance.roles import Kind, Role
from tests import factories
from tests.assurance.accounts.conftest import with_second_factor
from tests.hostile.examples.example import Example, number, somebody

PASSWORD = "correct horse battery"
REASON = {"reason": "left the company"}


def phone() -> str:
    return f"1380013{number():04}"


def register() -> Example:
    body = {
        "company": "禾见食品有限公司",
        "credit_code": "91330109MA2KD00X1H",
        "name": "王小禾",
        "email": f"owner{number()}@hejian.example",
        "phone": phone(),
        "password": PASSWORD,
        "language": "zh-hans",
    }
    return Example(somebody(Role.PLATFORM_ADMIN), body, status=202)


def invited() -> tuple[User, User]:
    owner = somebody(Role.MERCHANT_OWNER)
    person = people.invite_person(
        organisation_id=owner.organisation_id,
        name="安",
        email=f"ann{number()}@hejian.example",
        phone=None,
        role=Role.MERCHANT_OPERATOR,
        language="zh-hans",
        actor=owner,
        at=timezone.now(),
    )
    return owner, person


def accept() -> Example:
    owner, person = invited()
    invitation = person.invitations.get()
    return Example(owner, {"token": invitation_token(invitation), "password": PASSWORD}, status=204)


def me() -> Example:
    return Example(somebody(Role.STREAMER))


def change_me() -> Example:
    body = {"name": "安", "phone": phone(), "language": "en", "timezone": "Europe/London"}
    return Example(somebody(Role.STREAMER), body)


def end_session() -> Example:
    user = somebody(Role.STREAMER)
    Client().force_login(user)
    session = open_sessions(user, at=timezone.now())[0]
    return Example(user, path={"pk": session.handle}, status=204)


def end_others() -> Example:
    return Example(somebody(Role.STREAMER), status=204)


def make_key() -> Example:
    return Example(somebody(Role.MERCHANT_OWNER), {"name": "ERP", "scopes": ["products:read"], "days": 90}, status=201)


def key() -> Example:
    owner = somebody(Role.MERCHANT_OWNER)
    made, _ = keys.make_key(name="ERP", scopes=["products:read"], days=90, actor=owner, at=timezone.now())
    return Example(owner, path={"pk": made.pk})


def invite() -> Example:
    owner, other = somebody(Role.MERCHANT_OWNER), factories.organisation(Kind.MERCHANT)
    body = {
        "organisation": owner.organisation.code,
        "name": "安",
        "email": f"ann{number()}@hejian.example",
        "phone": phone(),
        "role": "merchant_operator",
        "language": "zh-hans",
    }
    return Example(owner, body, foreign={"organisation": other.code}, status=201)


def member(**body: Any) -> Example:
    owner = somebody(Role.MERCHANT_OWNER)
    person = factories.user(Role.MERCHANT_OPERATOR, owner.organisation)
    return Example(owner, body, path={"pk": person.pk})


def invite_again() -> Example:
    owner, person = invited()
    return Example(owner, path={"pk": person.pk})


def reactivate() -> Example:
    owner = somebody(Role.MERCHANT_OWNER)
    person = factories.user(Role.MERCHANT_OPERATOR, owner.organisation)
    people.deactivate(person_id=person.pk, actor=owner, at=timezone.now(), **REASON)
    return Example(owner, REASON, path={"pk": person.pk})


def remove_second_factor() -> Example:
    person = with_second_factor(somebody(Role.QC_LEAD))
    return Example(somebody(Role.PLATFORM_ADMIN), REASON, path={"pk": person.pk})


def create_organisation() -> Example:
    body = {
        "kind": "lab",
        "name": "杭州检测中心",
        "code": "HZJC",
        "credit_code": "91110000600037341L",
        "person_name": "李工",
        "email": f"li{number()}@hzjc.example",
        "phone": phone(),
        "role": "lab_verifier",
        "language": "zh-hans",
    }
    return Example(somebody(Role.PLATFORM_ADMIN), body, status=201)


def organisation() -> Example:
    admin = somebody(Role.PLATFORM_ADMIN)
    return Example(admin, path={"code": admin.organisation.code})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:registration-list": register,
    "POST api:invitation-accept": accept,
    "GET api:me": me,
    "PATCH api:me": change_me,
    "POST api:session-end": end_session,
    "POST api:session-end-others": end_others,
    "POST api:key-list": make_key,
    "GET api:key-detail": key,
    "POST api:key-rotate": key,
    "POST api:key-revoke": key,
    "POST api:member-list": invite,
    "GET api:member-detail": member,
    "POST api:member-change-role": lambda: member(role="merchant_owner"),
    "POST api:member-deactivate": lambda: member(**REASON),
    "POST api:member-reactivate": reactivate,
    "POST api:member-invite-again": invite_again,
    "POST api:member-remove-second-factor": remove_second_factor,
    "POST api:member-reveal": lambda: member(**REASON),
    "POST api:organisation-list": create_organisation,
    "GET api:organisation-detail": organisation,
}
