"""Whether the asker may use this address: the access table, the key's scopes, the second factor."""

# ruff: noqa: ARG002  methods here have the signatures of the framework
from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission

from assurance import access
from assurance.accounts.middleware import lacks_second_factor
from assurance.accounts.models import ApiKey
from assurance.accounts.scopes import scope_of
from assurance.refusals import Refused

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class ScopeMissing(Refused):
    code = "scope_missing"
    status = 403
    message = _("This key lacks the scope “%(scope)s”. Make a key that has it.")


class NoProgram(Refused):
    code = "not_for_programs"
    status = 403
    message = _("No key can do this. Sign in and do it yourself.")


class SecondFactorMissing(Refused):
    code = "second_factor_required"
    status = 403
    message = _("Your role requires a second factor. Set it up on the pages first.")


class MayUseRoute(BasePermission):
    """Asks the one table by the route's name; a route that is not in it is nobody's."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """:raises ScopeMissing, NoProgram, SecondFactorMissing, MethodNotAllowed:"""
        match = request.resolver_match
        route, method = (match.view_name if match else ""), request.method or "GET"
        methods = access.ACCESS.get(route, {})
        if methods and method not in methods and method != "HEAD":
            raise MethodNotAllowed(method)
        if not access.may(request.user, route, method):
            return False
        if isinstance(request.auth, ApiKey):
            check_scope(request.auth, route, method)
        elif lacks_second_factor(request._request):
            raise SecondFactorMissing
        return True


def check_scope(key: ApiKey, route: str, method: str) -> None:
    """:raises ScopeMissing, NoProgram:"""
    scope = scope_of(route, method)
    if not scope:
        raise NoProgram
    if scope not in key.scopes:
        raise ScopeMissing(scope=scope)
