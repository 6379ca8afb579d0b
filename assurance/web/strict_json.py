"""Reads a JSON object the way a careful bank would: nothing guessed, nothing dropped, nothing the database cannot hold."""

import json
import math
from collections.abc import Iterator
from typing import Any, Final

from assurance.web.invalid import Invalid
from assurance.web.numbers import INT64_MAX
from assurance.web.text import check_encodable

MAX_DEPTH: Final = 32
INTEGER_DIGITS: Final = len(str(INT64_MAX))


def read_object(body: bytes) -> dict[str, Any]:
    """Return the object in a UTF-8 body.

    :raises Invalid: invalid_encoding, invalid_json, json_too_deep, duplicate_key, number_out_of_range,
        number_not_finite, object_expected, nul_character, invalid_unicode
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("invalid_encoding") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_constant,
        )
    except RecursionError:
        raise Invalid("json_too_deep", max=MAX_DEPTH) from None
    except json.JSONDecodeError as error:
        raise Invalid("invalid_json", line=error.lineno, column=error.colno) from None
    _check_parts(value)
    if not isinstance(value, dict):
        raise Invalid("object_expected")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Invalid("duplicate_key", field=key)
        found[key] = value
    return found


def _integer(digits: str) -> int:
    if len(digits) > INTEGER_DIGITS + 1 or abs(int(digits)) > INT64_MAX:
        raise Invalid("number_out_of_range", least=-INT64_MAX, most=INT64_MAX)
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Invalid("number_not_finite")
    return number


def _constant(name: str) -> float:  # noqa: ARG001  the framework's signature
    raise Invalid("number_not_finite")


Path = tuple[Any, str] | None
"""Where a part stands, linked to its parent: a long key with many parts below it is not copied for each of them."""


def _check_parts(value: object) -> None:
    """Look at every part without recursion, so that depth costs nothing but its own count."""
    waiting: list[tuple[Path, object, int]] = [(None, value, 1)]
    while waiting:
        path, part, depth = waiting.pop()
        if isinstance(part, str):
            _check_text(part, path)
        elif isinstance(part, dict | list):
            if depth > MAX_DEPTH:
                raise Invalid("json_too_deep", max=MAX_DEPTH)
            waiting.extend(((path, key), inner, depth + 1) for key, inner in _parts(part, path))


def _parts(part: dict[str, Any] | list[Any], path: Path) -> Iterator[tuple[str, Any]]:
    if isinstance(part, list):
        yield from ((str(place), inner) for place, inner in enumerate(part))
        return
    for key, inner in part.items():
        _check_text(key, path)
        yield key, inner


def _check_text(text: str, path: Path) -> None:
    try:
        check_encodable(text)
    except Invalid as found:
        raise Invalid(found.code, field=_dotted(path)) from None


def _dotted(path: Path) -> str:
    keys = []
    while path is not None:
        path, key = path
        keys.append(key)
    return ".".join(reversed(keys))
