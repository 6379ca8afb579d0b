"""The frame around a page for visitors without a session, worked out once per language: only its gaps are filled at a request.

What stands around a public page – head, logo, language switch, foot – is the same for every visitor but for a few words. It is drawn by the
page's own template with marks in the gaps, cut at the marks, and put together again with what belongs there (docs/adr/0012).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import get_language
from django.utils.translation import override as speaking

if TYPE_CHECKING:
    from django.http import HttpRequest

MARK: Final = "\ue000"
"""Of the private area: no text of ours holds it, and escaping leaves it alone."""
CUT: Final = re.compile(f"{MARK}([^{MARK}]+){MARK}")
OF_REQUEST: Final = ("request.get_full_path",)
"""Gaps that every frame has. None is a token against forged requests: a visitor has nothing that could be forged (``is_visitor``)."""
PERSONAL: Final = frozenset({settings.SESSION_COOKIE_NAME, "messages"})
"""Whoever brings one of these cookies may be somebody, or be told something: his frame is drawn for him."""


Same = Callable[[], Mapping[str, Any]]


def framed(
    request: HttpRequest, name: str, gaps: Mapping[str, Any], context: Mapping[str, Any] = MappingProxyType({}), *, same: Same = dict
) -> HttpResponse:
    """Answer with a page whose ``context`` shows in its frame only by ``gaps``: names as the template says them, with their values.

    ``same`` makes what the page shows to everybody alike.
    """
    if is_somebody(request):
        return render(request, name, {**same(), **context})
    said = {**gaps, "request.get_full_path": request.get_full_path()}
    pieces = pieces_of(name, get_language() or settings.LANGUAGE_CODE, (*gaps, *OF_REQUEST), same)
    return HttpResponse("".join([conditional_escape(said[piece]) if is_gap else piece for is_gap, piece in pieces]))


def is_somebody(request: HttpRequest) -> bool:
    """Say whether the request may be somebody's: only then is there something to forge, or to tell."""
    return not PERSONAL.isdisjoint(request.COOKIES)


@cache
def pieces_of(name: str, language: str, gaps: tuple[str, ...], same: Same = dict) -> list[tuple[bool, str]]:
    """Return the frame in a language as its constant texts and, in between, the names of its gaps."""
    with speaking(language):
        marks = nested({gap: f"{MARK}{gap}{MARK}" for gap in gaps})
        text = render_to_string(name, {"messages": [], "is_visitor": True, **same(), **marks})
    return [(number % 2 == 1, piece) for number, piece in enumerate(CUT.split(text)) if piece]


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """Return ``{"a.b": 1}`` as ``{"a": {"b": 1}}``: what a template reads as ``a.b``."""
    made: dict[str, Any] = {}
    for path, value in flat.items():
        *above, last = path.split(".")
        place = made
        for step in above:
            place = place.setdefault(step, {})
        place[last] = value
    return made
