"""Who asks, in which language and time zone, and whether he may."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.utils import timezone, translation

from assurance import access
from assurance.roles import ANONYMOUS, role_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

API = "/api/"


class PreferencesMiddleware:
    """A signed-in person's own language and time zone; everybody else's come from cookie and header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
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
    """Asks the access table before any page; the API asks the same table itself, after it knows the key."""

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
            return None
        if role_of(request.user) == ANONYMOUS:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
