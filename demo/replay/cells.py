"""What a cell of a marketplace file may hold, and what exactly is wrong with one that does not. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MONEY: Final = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
WHOLE: Final = re.compile(r"[0-9]{1,9}")
MEASURE: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,3})?")
MOMENT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?))?")
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100

Reader = Callable[[str], Any]


class BadCell(ValueError):
    """What is wrong with a value, as a short code; ``wording`` has its words."""


def text(most: int, *, needed: bool = True, lines: bool = False) -> Reader:
    """Accept printable text up to a length; ``lines`` allows line ends and tabs."""
    allowed = "\r\n\t" if lines else ""

    def read(value: str) -> str:
        value = value.strip()
        if needed and not value:
            raise BadCell("missing")
        if len(value) > most:
            raise BadCell("too_long")
        if any(_is_control(character) and character not in allowed for character in value):
            raise BadCell("control_character")
        return value

    return read


def code(most: int) -> Reader:
    """Accept a name without blanks, as keys are."""
    plain = text(most)

    def read(value: str) -> str:
        found: str = plain(value)
        if any(character.isspace() for character in found):
            raise BadCell("blank_inside")
        return found

    return read


def one_of(choices: Collection[str]) -> Reader:
    """Accept one of some words."""

    def read(value: str) -> str:
        value = value.strip()
        if not value:
            raise BadCell("missing")
        if value not in choices:
            raise BadCell("unknown_word")
        return value

    return read


def whole(least: int, most: int) -> Reader:
    """Accept a whole number within bounds."""

    def read(value: str) -> int:
        value = value.strip()
        if not value:
            raise BadCell("missing")
        if not WHOLE.fullmatch(value):
            raise BadCell("not_a_whole_number")
        if not least <= int(value) <= most:
            raise BadCell("out_of_range")
        return int(value)

    return read


def money(value: str) -> Decimal:
    """Accept an amount in yuan with at most two places."""
    value = value.strip()
    if not value:
        raise BadCell("missing")
    if not MONEY.fullmatch(value):
        raise BadCell("not_an_amount")
    return Decimal(value).quantize(Decimal("0.01"))


def measure(value: str) -> Decimal | None:
    """Accept a weight or a length; empty and zero both say that nobody measured."""
    value = value.strip()
    if not value:
        return None
    if not MEASURE.fullmatch(value):
        raise BadCell("not_a_measure")
    return Decimal(value) or None


def moment(value: str, *, needed: bool = True) -> datetime | None:
    """Accept a moment of Shanghai's clocks."""
    value = value.strip()
    if not value:
        if needed:
            raise BadCell("missing")
        return None
    parts = MOMENT.fullmatch(value)
    if not parts:
        raise BadCell("not_a_moment")
    try:
        found = datetime.fromisoformat(f"{parts[1]}T{parts[2] or '00:00'}").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise BadCell("not_a_moment") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadCell("out_of_range")
    return found


def _is_control(character: str) -> bool:
    return character < " " or character == "\x7f" or "\ud800" <= character <= "\udfff" or character == "\ufffd"
