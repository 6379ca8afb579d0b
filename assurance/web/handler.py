"""Turns every exception a view of the API may raise into one answer of the error contract."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from assurance.refusals import Refused
from assurance.web.answers import request_id
from assurance.web.database import of_database
from assurance.web.invalid import Invalid
from assurance.web.problems import CONTENT_TYPE, Flaw, Problem, of_flaws, of_invalid, of_refusal, problem
from assurance.web.rejection import Rejection
from assurance.web.wording import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CODES: Final[Mapping[str, str]] = {
    "required": "required",
    "null": "null_not_allowed",
    "blank": "required",
    "empty": "required",
    "max_length": "too_long",
    "min_length": "too_short",
    "max_value": "number_out_of_range",
    "min_value": "number_out_of_range",
    "does_not_exist": "not_found",
    "incorrect_type": "not_found",
    "not_a_list": "list_expected",
    "not_a_dict": "object_expected",
    "unique": "already_exists",
}
"""Names this contract gives to what the framework calls otherwise."""

PLAIN: Final[Mapping[type[Exception], str]] = {
    Http404: "not_found",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.ParseError: "bad_request",
    SuspiciousOperation: "bad_request",
    UnreadablePostError: "bad_request",
}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception; nothing when it is a fault of ours, which becomes a 500 without details."""
    found = of_exception(error)
    if found is None:
        return None
    set_rollback()
    body = found.as_dict(request_id(context["request"]._request))
    return Response(body, status=found.status, headers=dict(found.headers), content_type=CONTENT_TYPE)


def of_exception(error: Exception) -> Problem | None:
    """Return the problem behind an exception."""
    if isinstance(error, Rejection):
        return error.problem
    if isinstance(error, Refused):
        return of_refusal(error)
    if isinstance(error, Invalid):
        return of_invalid(error)
    if isinstance(error, exceptions.ValidationError):
        return of_flaws(list(flaws(error.detail)))
    return _of_framework(error) or of_database(error)


def _of_framework(error: Exception) -> Problem | None:
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return problem("not_authenticated", headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, exceptions.PermissionDenied | PermissionDenied):
        return problem("csrf_failed" if "CSRF" in str(error) else "permission_denied")
    if isinstance(error, exceptions.Throttled):
        seconds = ceil(error.wait or 1)  # type: ignore[attr-defined]
        return problem("slow_down", headers={"Retry-After": str(seconds)})
    if isinstance(error, RequestDataTooBig):
        return problem("body_too_large", max=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return next((problem(code) for kind, code in PLAIN.items() if isinstance(error, kind)), None)


def flaws(detail: Any, path: str = "") -> Iterator[Flaw]:
    """Flatten the framework's nested errors into fields with dotted paths, like ``lines.2.quantity``."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from flaws(inner, path if key == "non_field_errors" else f"{path}.{key}" if path else str(key))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from flaws(inner, f"{path}.{place}" if nested and path else path)
    else:
        yield _flaw(detail, path)


def _flaw(detail: Any, path: str) -> Flaw:
    code = CODES.get(detail.code, detail.code)
    ours = str(SENTENCES[code]) if detail.code in CODES else ""
    return Flaw(code, ours if ours and "%(" not in ours else str(detail)[:300], path)
