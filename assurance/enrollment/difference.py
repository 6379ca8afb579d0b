"""What changed between two submissions of one product: field by field, file by file (P1.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One field with its text before and after; of a file, the fingerprint of its content. Empty: it was not there."""

    field: str
    before: str
    after: str
    is_file: bool = False


def between(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[Difference]:
    """Return what differs, fields first, each in the order of the later submission; what is gone comes last."""
    return [*_differing(earlier, later, "fields"), *_differing(earlier, later, "files")]


def _differing(earlier: Mapping[str, Any], later: Mapping[str, Any], part: str) -> list[Difference]:
    before, after = earlier.get(part, {}), later.get(part, {})
    is_file = part == "files"
    pairs = [(name, _text(before.get(name)), _text(after.get(name))) for name in dict.fromkeys([*after, *before])]
    return [Difference(name, was, now, is_file) for name, was, now in pairs if was != now]


def _text(value: Any) -> str:
    return str(value["sha256"]) if isinstance(value, Mapping) else str(value or "")
