"""Describes the API as it is: strict fields, keyed writes, and the same problem for every refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import FieldDoesNotExist
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import append_meta
from rest_framework.serializers import ChoiceField

from assurance.web.api import Door
from assurance.web.idempotency import HEADER, REPLAYED
from assurance.web.problems import CONTENT_TYPE
from assurance.web.serializers import StrictSerializer

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITES: Final = ("post", "put", "patch", "delete")

REFUSALS: Final = {
    "400": "What was sent cannot be read or has invalid fields; each is named in `errors`.",
    "401": "Nobody is signed in, or the key is not valid.",
    "403": "The role does not allow this.",
    "404": "Not there, or not for the asker to see.",
    "405": "This address does not accept this method.",
    "429": "Too many requests; wait as long as Retry-After says.",
}
REFUSED_WRITES: Final = {
    "409": "Contradicts the present state, or the same request is still running (then with Retry-After).",
    "413": "The body is too large.",
    "415": "The body is not JSON in UTF-8.",
    "422": "Readable but not accepted; also an Idempotency-Key that was used for another request.",
}

PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Why the answer is not a success.",
    "required": ["status", "code", "title", "detail", "errors", "request_id"],
    "properties": {
        "status": {"type": "integer", "example": 400},
        "code": {"type": "string", "description": "For programs; listed in docs/errors.md.", "example": "must_be_positive"},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "What is wrong and what to do, in the language of the request."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "field": {"type": "string", "description": "Dotted path.", "example": "lines.2.quantity"},
                    "row": {"type": "integer"},
                    "column": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "request_id": {"type": "string"},
    },
}

KEY_PARAMETER: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "Chosen by the caller for each thing to be done. Repeating the request repeats the answer, not the effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
REPLAYED_HEADER: Final[dict[str, Any]] = {
    "description": "`true` when this is the kept answer to an earlier request.",
    "schema": {"type": "string", "enum": ["true"]},
}


class DoorSchema(AutoSchema):
    """Reads inputs from the door and descriptions from the strict fields."""

    def get_request_serializer(self) -> Any:
        return self.view.input_class() if isinstance(self.view, Door) else super().get_request_serializer()

    def _get_paginator(self) -> Any:
        """Pages are of lists that are read; a write that answers with several things names them all."""
        return super()._get_paginator() if self.method == "GET" else None

    def get_operation_id(self) -> str:
        if isinstance(self.view, Door):
            return self.view.operation_id()
        return super().get_operation_id()

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """Two packages may use one name: each component says whose it is."""
        package, _, rest = type(serializer).__module__.partition(".api.")
        name = super().get_serializer_name(serializer, direction)
        return f"{package.rsplit('.', 1)[-1].title()}{name}" if rest else name

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        described = getattr(field, "described", None)
        if described is None:
            if direction == "response" and isinstance(field, ChoiceField):
                _allow_what_the_column_allows(field)
            return super()._map_serializer_field(field, direction, bypass_extensions)
        return append_meta(described(), self._get_serializer_field_meta(field, direction))

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        return schema


def _allow_what_the_column_allows(field: ChoiceField) -> None:
    """Let the description of a field that is only read name "" and null too; the framework asks the columns of written fields only."""
    model: Any = getattr(getattr(field.parent, "Meta", None), "model", None)
    for name in field.source_attrs if model else ():
        try:
            column = model._meta.get_field(name)
        except FieldDoesNotExist:  # a property: the serializer says itself what it may be
            return
        field.allow_null |= bool(getattr(column, "null", False))
        field.allow_blank |= bool(getattr(column, "blank", False)) and not column.is_relation
        model = column.related_model


def add_problems(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:  # noqa: ARG001  the framework's signature
    """Add to every operation what it may refuse with, and to every write its key."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for method, operation in _operations(result):
        refusals = REFUSALS | (REFUSED_WRITES if method in WRITES else {})
        for status, description in refusals.items():
            operation["responses"].setdefault(status, _problem_response(description))
        if method in WRITES:
            operation.setdefault("parameters", []).append(KEY_PARAMETER)
            for status, response in operation["responses"].items():
                if status.startswith("2"):
                    response.setdefault("headers", {})[REPLAYED] = REPLAYED_HEADER
    return result


def _operations(result: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in result.get("paths", {}).values():
        for method, operation in path.items():
            if method in ("get", *WRITES):
                yield method, operation


def _problem_response(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
