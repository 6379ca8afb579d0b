"""Why an enrolment is returned or rejected: at least one reason, each tied to something that was submitted (P1.2)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

CODES: Final = frozenset({"missing", "unreadable", "contradiction", "not_proven", "forbidden", "other"})


@dataclass(frozen=True)
class Reason:
    """A code at a field, with words where the code does not say enough."""

    field: str
    code: str
    words: str = ""


def flaw(reasons: Sequence[Reason], fields: Collection[str]) -> tuple[str, str]:
    """Return ``(place, code)`` of the first thing that is wrong with the reasons, or two empty texts.

    The codes: reason_required, unknown_reason_field, unknown_reason, words_required, duplicate_reason.
    """
    if not reasons:
        return "reasons", "reason_required"
    seen: set[tuple[str, str]] = set()
    for place, reason in enumerate(reasons):
        if reason.field not in fields:
            return f"reasons.{place}.field", "unknown_reason_field"
        if reason.code not in CODES:
            return f"reasons.{place}.code", "unknown_reason"
        if reason.code == "other" and not reason.words.strip():
            return f"reasons.{place}.words", "words_required"
        if (reason.field, reason.code) in seen:
            return f"reasons.{place}.code", "duplicate_reason"
        seen.add((reason.field, reason.code))
    return "", ""
