"""The links that are mailed. They are made when the mail is sent: no job and no row ever holds one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.signing import BadSignature, Signer
from django.urls import reverse

if TYPE_CHECKING:
    from assurance.accounts.models import Invitation, User

SALT: Final = "assurance.accounts.invitation"


def invitation_token(invitation: Invitation) -> str:
    """Return the invitation's id with our signature; whether it is still good says the row."""
    return Signer(salt=SALT).sign(str(invitation.pk))


def invitation_id(token: str) -> int | None:
    """Return the id behind a token, or nothing when it was not made here."""
    try:
        return int(Signer(salt=SALT).unsign(token))
    except (BadSignature, ValueError):
        return None


def join_link(invitation: Invitation) -> str:
    return settings.PUBLIC_URL + reverse("accounts:join", args=[invitation_token(invitation)])


def reset_link(person: User) -> str:
    """Return a link to choose a new password; it dies with the old password and after half an hour."""
    parts = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=parts)
