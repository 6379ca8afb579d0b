"""Who is behind a request of a program: ``Authorization: Bearer wy_<prefix>_<secret>``."""

# ruff: noqa: ARG002  methods here have the signatures of the framework
from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils import timezone, translation
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from assurance.accounts.actions.keys import note_use
from assurance.accounts.queries import key_behind

if TYPE_CHECKING:
    from rest_framework.request import Request

    from assurance.accounts.models import ApiKey, User

SCHEME: Final = "bearer"
LONGEST: Final = 200


class ApiKeyAuthentication(BaseAuthentication):
    """The key's person, in the key's scopes (``permissions``). One answer for every key that does not work."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != SCHEME.encode():
            return None
        if len(parts) != 2 or len(parts[1]) > LONGEST or not parts[1].isascii():
            raise AuthenticationFailed
        now = timezone.now()
        key = key_behind(parts[1].decode(), at=now)
        if key is None:
            raise AuthenticationFailed
        note_use(key, at=now)
        if "Accept-Language" not in request.headers:  # a program that asks for none is answered in its person's
            translation.activate(key.user.language)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the description names it."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "wy_<prefix>_<secret>",
            "description": "A key made on the page “API keys”; it acts as its person, in its scopes.",
        }
