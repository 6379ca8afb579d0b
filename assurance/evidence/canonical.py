"""One way to write a value as JSON bytes, so that its hash means the same everywhere.

This is RFC 8785 (JCS) without numbers that are not whole: keys in UTF-16 order, no spaces, UTF-8, the fewest escapes. Amounts and
measurements are written as text (``"12.30"``): a binary fraction has no one spelling.
"""

import json
from typing import Any, Final

LARGEST: Final = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""


class NotCanonical(ValueError):
    """The value cannot be written in one way only; the message says where it stands."""


def encode(value: Any) -> bytes:
    """Return the bytes of a value made of dict, list, str, int, bool and None.

    :raises NotCanonical: for a float, a number beyond 2^53, a key that is no text, half a surrogate pair, or any other type
    """
    try:
        return json.dumps(_ordered(value, "$"), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except UnicodeEncodeError:
        raise NotCanonical("half a surrogate pair in a text") from None


def _ordered(value: Any, place: str) -> Any:
    """Return the value with its keys in order, or refuse."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical(f"{place}: {value} is beyond 2^53; write it as text")
        return int(value)
    if isinstance(value, list | tuple):
        return [_ordered(part, f"{place}[{number}]") for number, part in enumerate(value)]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise NotCanonical(f"{place}: the key {key!r} is no text")
        return {key: _ordered(value[key], f"{place}.{key}") for key in sorted(value, key=_utf16)}
    raise NotCanonical(f"{place}: a {type(value).__name__} has no one spelling; write it as text")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be")
