"""Is what arrived at the laboratory what was sealed in the warehouse, and in time? Anything else is no sample any more (P9.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

ON_THE_WAY: Final = timedelta(days=5)
"""How long a sealed sample may travel."""


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


BROKEN = gettext_noop("The seal is broken.")
DAMAGED = gettext_noop("The sample is damaged.")
OTHER = gettext_noop("The sample carries seal %(found)s, but was sent under %(expected)s.")
LATE = gettext_noop("The sample arrived after the latest time.")
SENTENCES: Final = (BROKEN, DAMAGED, OTHER, LATE)


@dataclass(frozen=True)
class Arrival:
    """Whether the sample may be tested; if not, its condition and why."""

    condition: str
    message: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def is_sound(self) -> bool:
        return self.condition == "intact"

    @property
    def because(self) -> str:
        return self.message % dict(self.facts)


def look_at(*, condition: str, expected_seal: str, found_seal: str, arrive_by: datetime, at: datetime) -> Arrival:
    """Judge a sample at the door: what the analyst sees, then the seal's number, then the time."""
    if condition == "broken_seal":
        return Arrival(condition, BROKEN)
    if condition == "damaged":
        return Arrival(condition, DAMAGED)
    if found_seal.strip().upper() != expected_seal.strip().upper():
        return Arrival("wrong_seal", OTHER, (("found", found_seal.strip() or "–"), ("expected", expected_seal)))
    if at > arrive_by:
        return Arrival("late", LATE)
    return Arrival("intact")
