"""Which of seven tones every state of the house wears, and with which icon: one table, tested to be complete.

A tone has one meaning everywhere: ``pass`` it holds, ``wait`` nothing has begun, ``run`` somebody is at it, ``hold`` somebody must act,
``fail`` it does not hold, ``stop`` stopped by rule and able to come back, ``gone`` over. Words come from the columns' choices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

TONES: Final = ("pass", "wait", "run", "hold", "fail", "stop", "gone")

ICONS: Final[Mapping[str, str]] = {
    "pass": "circle-check",
    "wait": "clock",
    "run": "progress",
    "hold": "hand-stop",
    "fail": "circle-x",
    "stop": "player-pause",
    "gone": "calendar-off",
}
"""The icon of a tone where the state itself has no better one."""


class Dress(NamedTuple):
    """How a state is drawn."""

    tone: str
    icon: str


PASS: Final = Dress("pass", ICONS["pass"])
WAIT: Final = Dress("wait", ICONS["wait"])
RUN: Final = Dress("run", ICONS["run"])
HOLD: Final = Dress("hold", ICONS["hold"])
FAIL: Final = Dress("fail", ICONS["fail"])
STOP: Final = Dress("stop", ICONS["stop"])
GONE: Final = Dress("gone", ICONS["gone"])

STATES: Final[Mapping[str, Mapping[str, Dress]]] = {
    "assurance.enrolment.state": {
        "draft": Dress("wait", "pencil"),
        "submitted": WAIT,
        "in_review": RUN,
        "returned": Dress("hold", "arrow-back-up"),
        "approved": Dress("hold", "writing-sign"),
        "active": PASS,
        "withdrawn": GONE,
        "rejected": FAIL,
    },
}
"""``app.model.column`` → value → dress."""


def dress(column: str, value: str) -> Dress:
    """Return how a value of ``app.model.column`` is drawn.

    :raises KeyError: if the column or the value has no dress; a new state is drawn before it is shown
    """
    return STATES[column][value]
