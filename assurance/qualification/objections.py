"""What a reviewer objects to on a paper: a code tied to one of its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

FIELDS: Final = ("kind", "number", "issuer", "brand", "granted_by", "chain_level", "scope", "from_date", "until_date", "file")
CODES: Final = ("unreadable", "contradiction", "not_proven", "out_of_date", "other")


@dataclass(frozen=True)
class Objection:
    """One reason at one field; words where the code does not say enough."""

    field: str
    code: str
    words: str = ""


def flaw(given: Sequence[Objection]) -> tuple[str, str]:
    """Return where and what is wrong with the objections; two empty texts if nothing is."""
    if not given:
        return "objections", "reason_required"
    seen: set[str] = set()
    for place, one in enumerate(given):
        where = f"objections.{place}"
        if one.field not in FIELDS:
            return f"{where}.field", "unknown_reason_field"
        if one.code not in CODES:
            return f"{where}.code", "unknown_reason"
        if one.code == "other" and not one.words.strip():
            return f"{where}.words", "words_required"
        if one.field in seen:
            return f"{where}.field", "duplicate_reason"
        seen.add(one.field)
    return "", ""
