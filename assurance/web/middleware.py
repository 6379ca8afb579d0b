"""What every request passes: a number of its own, an address that can be read, and an answer when something refuses."""

from __future__ import annotations

import contextlib
import secrets
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from django.conf import settings

from assurance.refusals import Refused
from assurance.web.answers import answer, is_api
from assurance.web.database import of_database
from assurance.web.handler import of_exception
from assurance.web.invalid import Invalid
from assurance.web.log import current_request_id
from assurance.web.problems import Problem, problem
from assurance.web.text import NUL

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    GetResponse = Callable[[HttpRequest], HttpResponse]

CODE_OF = {401: "not_authenticated", 403: "permission_denied", 404: "not_found", 405: "method_not_allowed"} | {
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "slow_down",
    503: "unavailable",
}


class RequestIdMiddleware:
    """Numbers the request. A number sent from outside is ignored: it would be somebody else's text in our log."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(8)
        request.request_id = number  # type: ignore[attr-defined]
        token = current_request_id.set(number)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response.headers["X-Request-ID"] = number
        return response


class CallerMiddleware:
    """Behind a proxy that sets ``X-Forwarded-For`` itself, the caller is its last entry; otherwise the header is nobody's word.

    Limits per address would else count the proxy as the one caller of all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.TRUST_PROXY and (said := request.META.get("HTTP_X_FORWARDED_FOR")):
            with contextlib.suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ip_address(said.rsplit(",", 1)[-1].strip()))
        return self.get_response(request)


class StrictQueryMiddleware:
    """Refuses addresses and cookies that cannot be meant: NUL, bytes that are no UTF-8, a parameter given twice."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = self.problem_of(request)
        return answer(request, found) if found else self.get_response(request)

    def problem_of(self, request: HttpRequest) -> Problem | None:
        if NUL in request.path_info:
            return problem("not_found")
        if any(NUL in value for value in request.COOKIES.values()):
            return problem("bad_request")
        query = str(request.META.get("QUERY_STRING", ""))
        return self.problem_of_query(request, query) if query else None

    def problem_of_query(self, request: HttpRequest, query: str) -> Problem | None:
        try:
            unquote_to_bytes(query.encode("latin-1").replace(b"+", b" ")).decode()
        except UnicodeError:
            return problem("invalid_filter")
        for name, values in request.GET.lists():
            if NUL in name or any(NUL in value for value in values):
                return problem("invalid_filter", where=name)
            if len(values) > 1 and not request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
                return problem("repeated_parameter", where=name)
        return None


class RefusalMiddleware:
    """Answers what actions and the database refuse, and gives every failed answer under /api/ its JSON form."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and not getattr(response, "is_problem", False) and is_api(request):
            return self.in_json(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Runs outside the view's transaction, which is rolled back by now; a deferred constraint speaks at its commit."""
        known = isinstance(error, Refused | Invalid)
        found = of_exception(error) if known else of_database(error)
        return answer(request, found) if found else None

    def in_json(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Replace an answer that did not come from the API's own handler."""
        if response.headers.get("Content-Type", "").startswith("application/problem+json"):
            return response
        code = CODE_OF.get(response.status_code, "server_error" if response.status_code >= 500 else "bad_request")
        replaced = answer(request, problem(code, status=response.status_code))
        for name in ("Allow", "Retry-After", "WWW-Authenticate"):
            if name in response.headers:
                replaced.headers[name] = response.headers[name]
        return replaced
