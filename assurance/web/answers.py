"""Turns a problem into an answer: JSON for programs, a page or a fragment for people."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import format_html

from assurance.web.problems import CONTENT_TYPE

if TYPE_CHECKING:
    from django.http import HttpRequest

    from assurance.web.problems import Problem

logger = logging.getLogger(__name__)

API = "/api/"

BARE = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><h1>{title}</h1><p>{detail}</p><p><code>{request_id}</code></p></html>"
)
"""Shown when even the error page cannot be rendered."""


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def request_id(request: HttpRequest) -> str:
    """Return the number under which this request stands in the log."""
    return str(getattr(request, "request_id", ""))


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return the answer in the form the asker reads."""
    response = as_json(request, problem) if is_api(request) else as_page(request, problem)
    for name, value in problem.headers.items():
        response.headers[name] = value
    response.is_problem = True  # type: ignore[attr-defined]
    return response


def as_json(request: HttpRequest, problem: Problem) -> HttpResponse:
    body = json.dumps(problem.as_dict(request_id(request)), ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, status=problem.status, content_type=CONTENT_TYPE)


def as_page(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return ``problem.html``, or ``_problem.html`` where htmx will swap it in."""
    template = "_problem.html" if request.headers.get("HX-Request") == "true" else "problem.html"
    context = problem.as_dict(request_id(request)) | {"problem": problem, "came_from": came_from(request)}
    return HttpResponse(_rendered(template, context, request), status=problem.status)


def came_from(request: HttpRequest) -> str:
    """Return the address of our page that sent a form; the form's own address often takes nothing but forms."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    is_ours = parts.netloc == request.META.get("HTTP_HOST", request.META.get("SERVER_NAME", "")) and not parts.path.startswith("//")
    return parts._replace(scheme="", netloc="").geturl() if request.method == "POST" and parts.netloc and is_ours else ""


def _rendered(template: str, context: dict[str, object], request: HttpRequest) -> str:
    """An error page must never fail itself: the base layout may ask a database that is gone."""
    try:
        return render_to_string(template, context, request)
    except TemplateDoesNotExist:
        pass
    except Exception:
        logger.exception("the error page could not be rendered")
    return format_html(BARE, **{name: context[name] for name in ("title", "detail", "request_id")})
