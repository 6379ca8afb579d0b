"""What tests of accounts share: a password, authenticator codes, browsers at an address."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import encrypt
from django.test import Client

from assurance.accounts.models import User

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_password(person: User) -> User:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def with_second_factor(person: User) -> User:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)})
    return person


def code_now(secret: str = SECRET) -> str:
    """Return what the app shows."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def browser(place: str = "198.51.100.7", **kwargs: object) -> Client:
    return Client(REMOTE_ADDR=place, HTTP_USER_AGENT="Firefox", **kwargs)


@pytest.fixture
def amal_signs_in(amal: User) -> User:
    return with_password(amal)


@pytest.fixture(autouse=True)
def the_half_minute_may_end_meanwhile(settings):
    """A code made in the last moment of its half minute is still taken in the next one."""
    settings.MFA_TOTP_TOLERANCE = 1
