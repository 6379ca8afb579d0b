"""Read a date the way it is printed on a package."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

PRINTED: Final = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"([0-9]{4})([0-9]{2})([0-9]{2})",
        r"([0-9]{4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,2})",
        r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日",
    )
)
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099


def read_day(printed: str) -> date:
    """Return the day of 20291104, 2029-11-04, 2029.11.4, 2029/11/04 or 2029年11月4日.

    Two digits for the year, or the month first, are not read: they mean different days to different people.

    :raises ValueError: if it is none of these, or no day of this century
    """
    found = next(filter(None, (pattern.fullmatch(printed.strip()) for pattern in PRINTED)), None)
    if found is None:
        raise ValueError(f"not a day: {printed[:40]!r}")
    year, month, day = map(int, found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"not a year of goods: {year}")
    return date(year, month, day)
