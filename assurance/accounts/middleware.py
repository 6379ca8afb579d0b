"""Who asks, in which language and time zone, and whether he may."""

# ruff: noqa: ARG002  methods here have the signatures of the framework
from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, Final

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from assurance import access
from assurance.accounts import sessions
from assurance.accounts.adapter import needs_second_factor
from assurance.roles import ANONYMOUS, role_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

API = "/api/"
SETTING_UP: Final = frozenset({"mfa_activate_totp", "account_reauthenticate", "account_logout", "set-language", "health"})
"""Where somebody may go who still has to set up a second factor."""


class PersonMiddleware(AuthenticationMiddleware):
    """Django's, reading session, person and organisation in one query."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: sessions.person_of(request))  # type: ignore[assignment]


class PreferencesMiddleware:
    """A signed-in person's own language and time zone; everybody else's come from cookie and header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            sessions.touch(request.session, at=timezone.now())
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
            with timezone.override(zoneinfo.ZoneInfo(request.user.timezone)):
                response = self.get_response(request)
        else:
            response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class AccessMiddleware:
    """Asks the access table before any page; the API asks the same table itself, after it knows the key.

    Who needs a second factor and has none is led to set it up before anything else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or request.path.startswith(API):
            return None
        route = "admin:*" if match.app_names[:1] == ["admin"] else match.view_name
        methods = access.ACCESS.get(route, {})
        if methods and request.method not in methods and request.method != "HEAD":
            return HttpResponseNotAllowed(sorted(methods))
        if access.may(request.user, route, request.method or "GET"):
            return lead_to_second_factor(request) if route not in SETTING_UP and lacks_second_factor(request) else None
        if role_of(request.user) == ANONYMOUS:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied


def lacks_second_factor(request: HttpRequest) -> bool:
    """Say whether this session still owes a second factor. The session knows: it was asked for, or set up, in it."""
    user = request.user
    return user.is_authenticated and needs_second_factor(user) and not request.session.get("second_factor")


def lead_to_second_factor(request: HttpRequest) -> HttpResponse:
    """Send the browser to set it up, and back to where it wanted to go."""
    asked = request.get_full_path() if request.method == "GET" else "/"
    url = f"{reverse('mfa_activate_totp')}?{urlencode({'next': asked})}"
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else HttpResponseRedirect(url)
