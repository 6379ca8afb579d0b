"""What happened to an account, as entries of a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from assurance.accounts.models import ROLE_LABELS
from assurance.events.wording import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assurance.events.models import Event

TONES: Final[Mapping[str, str]] = {
    "joined": "pass",
    "reactivated": "pass",
    "entered": "pass",
    "added": "pass",
    "changed": "run",
    "role_changed": "run",
    "reset_used": "run",
    "codes_made": "run",
    "repeated": "hold",
    "revealed": "hold",
    "removed": "hold",
    "failed": "fail",
    "refused": "fail",
    "locked": "stop",
    "deactivated": "gone",
}
"""The last word of an event's kind → its tone; all others wait."""


def history(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return entries for ``ui/timeline.html``."""
    return [_entry(event) for event in events]


def _entry(event: Event) -> dict[str, Any]:
    before, after = event.changes.get("role") or (None, None)
    role = f"{_role(before)} → {_role(after)}" if before and after else ""
    return {
        "at": event.at,
        "title": words(event.kind),
        "tone": TONES.get(event.kind.rpartition(".")[2], "wait"),
        "text": " · ".join(filter(None, [role, event.reason])),
    }


def _role(value: str) -> str:
    return str(ROLE_LABELS.get(value, value))  # type: ignore[call-overload]
