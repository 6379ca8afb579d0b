"""The error contract: what an answer says that is not a success (RFC 9457 in manner; docs/errors.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from assurance.web.text import clip
from assurance.web.wording import TITLES, sentence, status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assurance.refusals import Refused
    from assurance.web.invalid import Invalid

CONTENT_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 2
ERRORS_SHOWN: Final = 100


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong, and where: at a field, or in a row and column of an import."""

    code: str
    message: str
    field: str = ""
    row: int | None = None
    column: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return what is shown; empty places are left out."""
        where: dict[str, object] = {"field": clip(self.field), "row": self.row, "column": clip(self.column)}
        return {name: value for name, value in where.items() if value} | {"code": self.code, "message": self.message}


@dataclass(frozen=True)
class Problem:
    """Why the answer is not a success."""

    status: int
    code: str
    detail: str
    flaws: tuple[Flaw, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The same few words for every problem of this status."""
        return str(TITLES.get(self.status, TITLES[400 if self.status < 500 else 500]))

    def as_dict(self, request_id: str) -> dict[str, object]:
        """Return the body of the answer."""
        return {
            "status": self.status,
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "errors": [flaw.as_dict() for flaw in self.flaws[:ERRORS_SHOWN]],
            "request_id": request_id,
        }


def problem(code: str, *, status: int = 0, where: str = "", headers: Mapping[str, str] | None = None, **params: object) -> Problem:
    """Return the problem of one code, pointing at one field if ``where`` names it."""
    detail = sentence(code, {name: clip(value) for name, value in params.items()})
    flaws = (Flaw(code, detail, where),) if where else ()
    return Problem(status or status_of(code), code, detail, flaws, headers or {})


def of_flaws(flaws: list[Flaw], *, status: int = 400) -> Problem:
    """Return the problem of several fields; its code is theirs when they all say the same."""
    codes = {flaw.code for flaw in flaws}
    code = codes.pop() if len(codes) == 1 else "several_problems"
    detail = flaws[0].message if len(flaws) == 1 else sentence("several_problems")
    return Problem(status, code, detail, tuple(flaws))


def of_invalid(found: Invalid) -> Problem:
    """Return the problem of a rule that was broken before any field was known."""
    detail = sentence(found.code, {name: clip(value) for name, value in found.params.items()})
    flaws = (Flaw(found.code, detail, found.field),) if found.field else ()
    return Problem(status_of(found.code), found.code, detail, flaws)


def of_refusal(refused: Refused) -> Problem:
    """Return the problem of an action that refused."""
    params = {name: clip(value) if isinstance(value, str) else value for name, value in refused.params.items()}
    detail = str(refused.message) % params if params else str(refused.message)
    flaws = tuple(
        Flaw(code, clip(words, 400), field=where if refused.places == "field" else "", column=where if refused.places == "column" else "")
        for where, code, words in refused.points()
    )
    return Problem(refused.status, refused.code, detail, flaws)


def again(code: str) -> Problem:
    """Return a problem that goes away by itself."""
    return problem(code, headers={"Retry-After": str(RETRY_SECONDS)})
