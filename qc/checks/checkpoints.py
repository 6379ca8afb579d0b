"""What is asked of a lot, a parcel or a returned unit, point by point, and what each answer means. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final


def gettext_noop(message: str) -> str:
    """Mark a message for makemessages; this module does without Django."""
    return message


class AnswerKind(StrEnum):
    """How a point is answered: yes or no, one of some words, a figure within limits, a day, a printed text, or a photograph alone."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    PHOTO = "photo"


class PhotoRule(StrEnum):
    """When a point needs a photograph."""

    NEVER = "never"
    ON_FAILURE = "on_failure"
    ALWAYS = "always"


NOT_PRINTED: Final = "none"
"""The answer to a date where nothing is printed; fine only where the lot has none either."""

UNCLEAR: Final = {
    AnswerKind.YES_NO: gettext_noop("Say yes or no."),
    AnswerKind.CHOICE: gettext_noop("Choose one of the answers."),
    AnswerKind.NUMBER: gettext_noop("Enter a figure."),
    AnswerKind.DATE: gettext_noop("Enter the printed date as YYYY-MM-DD."),
    AnswerKind.TEXT: gettext_noop("Enter what is printed there."),
    AnswerKind.PHOTO: gettext_noop("Say whether it can be shown."),
}
NOT_FULFILLED: Final = gettext_noop("Not fulfilled.")
TOO_LOW: Final = gettext_noop("%(value)s is below %(limit)s.")
TOO_HIGH: Final = gettext_noop("%(value)s is above %(limit)s.")
PAST: Final = gettext_noop("Expires on %(value)s, less than %(days)s days from the check.")
OTHER_DATE: Final = gettext_noop("%(value)s is printed, the lot expires on %(expiry)s.")
OTHER_TEXT: Final = gettext_noop("“%(value)s” is not what must be printed there.")
NO_DATE: Final = gettext_noop("No date is printed, the lot expires on %(expiry)s.")


@dataclass(frozen=True)
class Option:
    """One of the words a choice offers. ``grade`` is the best grade a returned unit can have that was answered so."""

    code: str
    zh: str
    en: str
    is_fine: bool
    grade: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """One point of a checklist.

    ``grade`` is the best grade of a returned unit that fails here. ``party`` answers for what was fine when the parcel left and
    is not any more; ``party_unseen`` for what nobody recorded then. ``defect_class`` is what it means for a lot to fail here.
    ``pattern`` is what a text must look like, as ``example`` does; ``seconds`` the least that a careful look takes. ``made_from`` and
    ``made_before`` narrow it to goods of certain production days: a standard for labels binds what was made since it is in force.
    """

    code: str
    kind: AnswerKind
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""
    photo: PhotoRule = PhotoRule.NEVER
    options: tuple[Option, ...] = ()
    lowest: Decimal | None = None
    highest: Decimal | None = None
    unit: str = ""
    min_days: int = 0
    grade: str = ""
    party: str = ""
    party_unseen: str = ""
    defect_class: str = "major"
    pattern: str = ""
    example: str = ""
    seconds: int = 0
    made_from: date | None = None
    made_before: date | None = None

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Checkpoint:
        """Read what a checklist keeps.

        :raises ValueError, KeyError: if it makes no sense
        """
        plain = (
            "hint_zh",
            "hint_en",
            "unit",
            "min_days",
            "grade",
            "party",
            "party_unseen",
            "defect_class",
            "pattern",
            "example",
            "seconds",
        )
        read = cls(
            code=told["code"],
            kind=AnswerKind(told["kind"]),
            zh=told["zh"],
            en=told["en"],
            photo=PhotoRule(told.get("photo", "never")),
            options=tuple(Option(**option) for option in told.get("options", ())),
            lowest=_limit(told.get("lowest")),
            highest=_limit(told.get("highest")),
            made_from=_day(told.get("made_from")),
            made_before=_day(told.get("made_before")),
            **{name: told[name] for name in plain if name in told},
        )
        if (read.kind is AnswerKind.CHOICE) != bool(read.options):
            raise ValueError(f"{read.code}: a choice has options, nothing else has")
        if read.defect_class not in ("critical", "major", "minor"):
            raise ValueError(f"{read.code}: no such class of defects: {read.defect_class}")
        re.compile(read.pattern)
        return read

    def is_asked_of(self, produced: date) -> bool:
        """Say whether it is asked of goods that were made on this day."""
        return (self.made_from is None or produced >= self.made_from) and (self.made_before is None or produced < self.made_before)

    def name(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh

    def hint(self, language: str) -> str:
        return self.hint_en if language.startswith("en") else self.hint_zh


def _limit(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)


def _day(told: str | None) -> date | None:
    return None if told is None else date.fromisoformat(told)


class Unclear(ValueError):
    """An answer that cannot be meant; ``message`` says what is expected."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Reading:
    """An answer, whether it is fine, and if not, why: ``gettext(r.message) % r.params``."""

    code: str
    value: bool | str
    is_fine: bool
    message: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    grade: str = ""

    @property
    def params(self) -> dict[str, str]:
        return dict(self.facts)

    @property
    def because(self) -> str:
        return self.message % self.params


def read(point: Checkpoint, value: object, *, expiry: date | None, day: date) -> Reading:
    """Say what an answer means. ``expiry`` is the earliest of the goods, ``day`` the day of the check.

    :raises Unclear: if it cannot be meant
    """
    found = READERS[point.kind](point, value, expiry, day)
    return replace(found, grade=found.grade or ("" if found.is_fine else point.grade))


def _yes_no(point: Checkpoint, value: object, expiry: date | None, day: date) -> Reading:  # noqa: ARG001  one signature for all
    if not isinstance(value, bool):
        raise Unclear(UNCLEAR[point.kind])
    return Reading(point.code, value, value, "" if value else NOT_FULFILLED)


def _choice(point: Checkpoint, value: object, expiry: date | None, day: date) -> Reading:  # noqa: ARG001
    option = next((one for one in point.options if one.code == value), None)
    if option is None:
        raise Unclear(UNCLEAR[point.kind])
    return Reading(point.code, option.code, option.is_fine, "" if option.is_fine else NOT_FULFILLED, grade=option.grade)


def _number(point: Checkpoint, value: object, expiry: date | None, day: date) -> Reading:  # noqa: ARG001
    try:
        figure = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        raise Unclear(UNCLEAR[point.kind])
    said = str(value)
    if point.lowest is not None and figure < point.lowest:
        return Reading(point.code, said, False, TOO_LOW, (("value", said), ("limit", str(point.lowest))))
    if point.highest is not None and figure > point.highest:
        return Reading(point.code, said, False, TOO_HIGH, (("value", said), ("limit", str(point.highest))))
    return Reading(point.code, said, True)


def _date(point: Checkpoint, value: object, expiry: date | None, day: date) -> Reading:
    if value == NOT_PRINTED:
        if expiry is None:
            return Reading(point.code, NOT_PRINTED, True)
        return Reading(point.code, NOT_PRINTED, False, NO_DATE, (("expiry", expiry.isoformat()),))
    try:
        printed = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        printed = None
    if printed is None:
        raise Unclear(UNCLEAR[point.kind])
    said = printed.isoformat()
    if printed < day + timedelta(days=point.min_days):
        return Reading(point.code, said, False, PAST, (("value", said), ("days", str(point.min_days))))
    if expiry is not None and printed != expiry:
        return Reading(point.code, said, False, OTHER_DATE, (("value", said), ("expiry", expiry.isoformat())))
    return Reading(point.code, said, True)


def _text(point: Checkpoint, value: object, expiry: date | None, day: date) -> Reading:  # noqa: ARG001
    if not isinstance(value, str) or not value.strip():
        raise Unclear(UNCLEAR[point.kind])
    said = value.strip()
    is_fine = not point.pattern or re.fullmatch(point.pattern, said) is not None
    return Reading(point.code, said, is_fine, "" if is_fine else OTHER_TEXT, () if is_fine else (("value", said),))


READERS: Final = {
    AnswerKind.YES_NO: _yes_no,
    AnswerKind.PHOTO: _yes_no,
    AnswerKind.TEXT: _text,
    AnswerKind.CHOICE: _choice,
    AnswerKind.NUMBER: _number,
    AnswerKind.DATE: _date,
}


def needs_photo(point: Checkpoint, reading: Reading) -> bool:
    """Say whether this answer must be shown on a photograph."""
    if point.kind is AnswerKind.PHOTO:
        return reading.is_fine
    return point.photo is PhotoRule.ALWAYS or (point.photo is PhotoRule.ON_FAILURE and not reading.is_fine)


def in_order(points: Iterable[Checkpoint], *, expiry: date | None) -> dict[str, bool | str]:
    """Return the answers of somebody who found everything in order; for those who make goods up."""
    return {point.code: _fine(point, expiry) for point in points}


def _fine(point: Checkpoint, expiry: date | None) -> bool | str:
    if point.kind in (AnswerKind.YES_NO, AnswerKind.PHOTO):
        return True
    if point.kind is AnswerKind.TEXT:
        return point.example or "as printed"
    if point.kind is AnswerKind.CHOICE:
        return next(option.code for option in point.options if option.is_fine)
    if point.kind is AnswerKind.DATE:
        return expiry.isoformat() if expiry else NOT_PRINTED
    return str(point.lowest if point.lowest is not None else point.highest if point.highest is not None else 0)


@dataclass(frozen=True)
class Version:
    """One checklist as the choice sees it; ``product_id`` and ``category`` say for what, both empty for everything."""

    id: int
    product_id: int | None
    category: str
    from_date: date
    points: tuple[Checkpoint, ...]


def choose(versions: Sequence[Version], *, product_id: int, categories: Sequence[str], day: date) -> Version | None:
    """Return the checklist of a product on a day: its own before its category's before everybody's.

    ``categories`` begins with the product's own, then what stands above. Of one scope the newest in force counts; a day before
    the first version is judged by the first.
    """
    scopes: list[list[Version]] = [[one for one in versions if one.product_id == product_id]]
    scopes += [[one for one in versions if one.product_id is None and one.category == code] for code in (*categories, "")]
    for scope in scopes:
        if scope:
            begun = [one for one in scope if one.from_date <= day]
            return max(begun, key=_age) if begun else min(scope, key=_age)
    return None


def _age(version: Version) -> tuple[date, int]:
    return version.from_date, version.id


def merged(lists: Sequence[Sequence[Checkpoint]]) -> tuple[Checkpoint, ...]:
    """Return the points of a parcel that holds several products: each once, the first list's wording."""
    found: dict[str, Checkpoint] = {}
    for points in lists:
        for point in points:
            found.setdefault(point.code, point)
    return tuple(found.values())
