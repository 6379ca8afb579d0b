"""Finds every operation of the API by walking the addresses: a new one joins the corpus by existing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.parsers import MultiPartParser

from assurance.web.api import Door

URLCONF = "tests.hostile.urls"
PREFIX = "/api/"
WRITES = frozenset({"post", "put", "patch", "delete"})


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    route: str
    method: str
    template: str
    action: str
    door: type[Door]
    takes_files: bool = False
    basename: str | None = None

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.route}"

    @property
    def variables(self) -> list[str]:
        return [part.split(">")[0] for part in self.template.split("<")[1:]]

    @property
    def is_write(self) -> bool:
        return self.method in WRITES

    @property
    def is_list(self) -> bool:
        return self.action == "list"

    def path(self, **kwargs: object) -> str:
        """Return the path with these values in it, whether the address would accept them or not."""
        found = self.template
        for variable, value in kwargs.items():
            found = found.replace(f"<{variable}>", str(value))
        return found

    def view(self) -> Door:
        return self.door(action=self.action, basename=self.basename, request=None, format_kwarg=None)

    def input(self) -> Any:
        """Return the serializer that reads the body."""
        return self.view().input_class()()


def patterns(urlconf: str = URLCONF) -> Iterator[tuple[str, str, Any]]:
    """Yield route name, path template and callback of everything below /api/."""
    yield from _below(get_resolver(urlconf), "", [])


def operations(urlconf: str = URLCONF) -> list[Operation]:
    """Return every operation that goes through a door."""
    found = [
        Operation(route, method, template, action, callback.cls, takes_files(callback), callback.initkwargs.get("basename"))
        for route, template, callback in patterns(urlconf)
        if issubclass(getattr(callback, "cls", object), Door)
        for method, action in callback.actions.items()
        if method != "head"
    ]
    return sorted(found, key=lambda operation: (operation.template, operation.method))


def takes_files(callback: Any) -> bool:
    parsers = callback.initkwargs.get("parser_classes") or callback.cls.parser_classes
    return any(issubclass(parser, MultiPartParser) for parser in parsers)


def _below(resolver: URLResolver, regex: str, names: list[str]) -> Iterator[tuple[str, str, Any]]:
    for part in resolver.url_patterns:
        whole = regex + str(part.pattern).removeprefix("^")
        if isinstance(part, URLResolver):
            yield from _below(part, whole, [*names, part.namespace] if part.namespace else names)
        elif isinstance(part, URLPattern):
            template = simplify_regex(whole)
            if template.startswith(PREFIX):
                yield ":".join([*names, part.name or ""]), template, part.callback


@cache
def documented() -> dict[str, set[str]]:
    """Return the statuses that the description names, by operation id."""
    schema: dict[str, Any] = SchemaGenerator(urlconf=URLCONF).get_schema(request=None, public=True)
    return {one["operationId"]: set(one["responses"]) for path in schema["paths"].values() for one in path.values()}
