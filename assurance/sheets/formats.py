"""What a number in a cell means by its format: a number, a date, or digits that count each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Final

from assurance.sheets.markup import Attributes, walk
from assurance.sheets.table import DATE, NUMBER, TEXT, Cell, Unreadable

BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of date formats that need no definition (ECMA-376, 18.8.30), those of Chinese among them."""
AS_TEXT: Final = 49
QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]')
PLACES: Final = 15
"""Digits a spreadsheet keeps of a number."""
LAST_SERIAL: Final = 2_958_465
"""31 December 9999."""


class DateSystem(Enum):
    FROM_1900 = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's dates have no zone
    FROM_1904 = datetime(1904, 1, 1)  # noqa: DTZ001


class Format:
    """How a number is shown: as a date, as text, padded to some digits, or as it is."""

    GENERAL: Format

    def __init__(self, *, is_date: bool = False, is_text: bool = False, digits: int = 0) -> None:
        self.is_date, self.is_text, self.digits = is_date, is_text, digits


Format.GENERAL = Format()


def formats_of(pieces: Iterable[bytes]) -> list[Format]:
    """Return the formats by the number that cells name them with."""
    codes: dict[str, str] = {}
    found: list[Format] = []
    inside: list[str] = []

    def start(name: str, given: Attributes) -> None:
        if name == "numFmt":
            codes[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "cellXfs":
            inside.append(name)
        elif name == "xf" and inside:
            found.append(_format(given.get("numFmtId", "0"), codes))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside.clear()

    walk(pieces, start=start, end=end)
    return found or [Format.GENERAL]


def shown(value: str, style: Format, dates: DateSystem) -> Cell:
    """Return the number of a cell as people read it.

    :raises Unreadable: sheet_unreadable, if it is no number at all
    """
    value = value.strip()
    if not value:
        return TEXT, ""
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise Unreadable("sheet_unreadable") from None
    if not number.is_finite() or abs(number.adjusted()) > 400:
        raise Unreadable("sheet_unreadable")
    if style.is_date:
        return _date(number, dates)
    plain = f"{Decimal(f'{float(number):.{PLACES}g}'):f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    if style.digits and plain.isdigit():
        return TEXT, plain.zfill(style.digits)
    return (TEXT if style.is_text else NUMBER), plain


def _format(number: str, codes: dict[str, str]) -> Format:
    code = codes.get(number, "")
    if number.isascii() and number.isdigit() and len(number) < 6 and not code:
        return Format(is_date=int(number) in BUILT_IN_DATES, is_text=int(number) == AS_TEXT)
    if code == "@":
        return Format(is_text=True)
    if re.fullmatch("0{2,}", code):
        return Format(digits=len(code))
    first = QUOTED.sub("", code.partition(";")[0]).lower()
    return Format(is_date=bool(re.search("[dmyhs]", first)) and "general" not in first)


def _date(number: Decimal, dates: DateSystem) -> Cell:
    if not 0 <= number <= LAST_SERIAL:
        return NUMBER, f"{number:f}"
    moment = dates.value + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return DATE, moment.strftime("%H:%M:%S")
    is_day = moment.time() == datetime.min.time()
    return DATE, moment.date().isoformat() if is_day else moment.isoformat(sep=" ", timespec="seconds")
