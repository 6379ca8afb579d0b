"""What an action raises when it refuses: a code for programs, a sentence for people, a status for the door."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An action was asked for something it will not do; nothing was changed.

    Subclasses stand beside the action that raises them. ``message`` may hold ``%(name)s`` places filled from ``params``.
    ``field`` names the input that is wrong, if one is; ``place`` is the index of the refused member of a set (``at_place``).
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[str | Promise] = _("This cannot be done.")
    places: ClassVar[str] = "field"
    """What ``points`` names: fields, or columns of a file."""
    place: int | None = None

    def __init__(self, *, field: str | None = None, **params: object) -> None:
        super().__init__(self.code)
        self.field = field
        self.params = params

    def __str__(self) -> str:
        """Return the sentence in the language that is active now."""
        return str(self.message) % self.params if self.params else str(self.message)

    def points(self) -> list[tuple[str, str, str]]:
        """Return ``(field, code, sentence)`` of everything that is wrong, where the refusal knows it."""
        return [(self.field, self.code, str(self))] if self.field else []


class BadReasons(Refused):
    """Reasons given for a decision do not say what must be done: none, one at nothing, one twice, one without words.

    Subclasses say in ``sentences`` what differs for what they decide on.
    """

    status = 422
    code = "reason_required"
    sentences: ClassVar[Mapping[str, str | Promise]] = {}
    COMMON: ClassVar[Mapping[str, str | Promise]] = {
        "reason_required": _("Give at least one reason, tied to a field."),
        "unknown_reason": _("Choose one of the reasons offered."),
        "words_required": _("Say in words what is meant."),
    }

    def __init__(self, place: str, code: str) -> None:
        super().__init__(field=place)
        self.code = code  # type: ignore[misc]
        self.message = {**self.COMMON, **self.sentences}[code]  # type: ignore[misc]


@contextmanager
def at_place(place: int) -> Iterator[None]:
    """Let a refusal say which member of a set it is about."""
    try:
        yield
    except Refused as refused:
        refused.place = place
        raise


class WrongState(Refused):
    """The thing is no longer (or not yet) in a state that allows this step."""

    code = "wrong_state"
    message = _("This step is not possible any more: it is now “%(state)s”.")


class OwnWork(Refused):
    """Nobody approves, verifies or inspects his own work."""

    code = "own_work"
    status = 403
    message = _("You cannot decide on your own work. Another person must do this.")
