"""Addresses sorted by their first step, so that finding one does not mean trying them all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.urls import URLPattern, include, path, re_path
from django.urls.resolvers import RegexPattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.urls import URLResolver

FIRST_STEP: Final = re.compile(r"\^?([a-z0-9-]+)/")


def by_first_step(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Return the same routes grouped by what stands before their first slash, in the order in which the groups first appear.

    Django tries one route after the other; of some hundred, most begin with another word. A route whose first step is no
    constant, or that is more than a route, stays as it is, behind the groups.
    """
    groups: dict[str, list[URLPattern | URLResolver]] = {}
    others: list[URLPattern | URLResolver] = []
    for one in _flat(patterns):
        found = FIRST_STEP.match(str(one.pattern)) if isinstance(one, URLPattern) else None
        if isinstance(one, URLPattern) and found:
            make, start = (re_path, "^") if isinstance(one.pattern, RegexPattern) else (path, "")
            rest = start + str(one.pattern)[found.end() :]
            groups.setdefault(found[1], []).append(make(rest, one.callback, one.default_args, one.name))
        else:
            others.append(one)
    return [*(path(f"{first}/", include(found)) for first, found in groups.items()), *others]


def _flat(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """Take includes that add neither a step nor a namespace apart."""
    for one in patterns:
        if isinstance(one, URLPattern) or str(one.pattern) or one.namespace or one.app_name:
            yield one
        else:
            yield from _flat(one.url_patterns)
