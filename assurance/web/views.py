"""What Django shows when no view answered: the same contract as everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.web.answers import answer
from assurance.web.handler import of_exception
from assurance.web.problems import problem

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, (exception and of_exception(exception)) or problem("bad_request"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, problem("permission_denied"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, problem("not_found"))


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, problem("server_error"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, problem("csrf_failed"))
