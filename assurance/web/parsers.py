"""Reads request bodies: JSON in UTF-8 of bounded size, and uploads for the few addresses that take them."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from django.utils.http import parse_header_parameters
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser

from assurance.web.invalid import Invalid
from assurance.web.problems import of_invalid, problem
from assurance.web.rejection import Rejection
from assurance.web.strict_json import read_object
from assurance.web.text import check_encodable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rest_framework.renderers import BaseRenderer
    from rest_framework.request import Request

BODY_LIMIT: Final = 100 * 1024
"""Bytes a view accepts unless it says otherwise by ``body_limit``."""


class OnlyJSON(DefaultContentNegotiation):
    """Answers in JSON whatever the Accept header hopes for; a 406 would help nobody."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> tuple[BaseRenderer, str]:  # noqa: ARG002  the framework's signature
        return renderers[0], renderers[0].media_type


class StrictJSONParser(BaseParser):
    """Accepts one JSON object that says exactly one thing (see ``strict_json``)."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        context = parser_context or {}
        check_coding(context["request"], media_type or "")
        try:
            return read_object(_read(stream, context))
        except Invalid as found:
            raise Rejection(of_invalid(found)) from None


class StrictMultiPartParser(MultiPartParser):
    """Accepts an upload; the door checks its parts (``check_parts``), files are judged by ``assurance.files``."""


def check_size(request: Request, limit: int) -> None:
    """Refuse a body that announces more bytes than are accepted, before any of it is read."""
    announced = str(request.META.get("CONTENT_LENGTH") or "")
    if announced.isdecimal() and (len(announced) > 12 or int(announced) > limit):
        raise Rejection(problem("body_too_large", max=limit))


def check_parts(request: Request) -> None:
    """Refuse an upload that gives a field twice or hides a NUL.

    Not the parser's work: where a browser's token is checked, Django has read the form before any parser of ours.
    """
    for name, values in [*request.data.lists(), *request.FILES.lists()]:  # type: ignore[union-attr]
        if len(values) > 1:
            raise Rejection(problem("duplicate_key", where=name))
    for name, value in request.data.items():  # type: ignore[union-attr]
        if isinstance(value, str):
            _check_part(name, value)


def check_coding(request: Request, media_type: str) -> None:
    """Refuse compressed bodies and other encodings than UTF-8; guessing one would let two readers see two bodies."""
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() != "identity":
        raise Rejection(problem("unsupported_encoding"))
    charset = parse_header_parameters(media_type)[1].get("charset", "utf-8")
    if charset.strip().lower() not in ("utf-8", "utf8"):
        raise Rejection(problem("unsupported_charset"))


def _read(stream: IO[bytes], context: Mapping[str, Any]) -> bytes:
    limit = int(getattr(context.get("view"), "body_limit", BODY_LIMIT))
    check_size(context["request"], limit)
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise Rejection(problem("body_too_large", max=limit))
    return body


def _check_part(name: str, value: str) -> None:
    try:
        check_encodable(name)
        check_encodable(value)
    except Invalid as found:
        raise Rejection(problem(found.code, where=name)) from None
