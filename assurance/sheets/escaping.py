"""Text in a cell that a spreadsheet must not run."""

import re
from typing import Final

LIVE: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""A cell that begins like this is a formula to some spreadsheet."""
ESCAPED: Final = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def cell(value: object) -> str:
    """Return a value as the text of a cell; what a spreadsheet would run gets an apostrophe in front."""
    shown = "" if value is None else str(value)
    return "'" + shown if ESCAPED.match(shown) or (shown.startswith(LIVE) and not _is_number(shown)) else shown


def kept(value: object) -> str:
    """Return a value for a cell that is typed as text and so never runs; only what ``restored`` would shorten is escaped."""
    shown = "" if value is None else str(value)
    return "'" + shown if ESCAPED.match(shown) else shown


def restored(text: str) -> str:
    """Return what ``cell`` or ``kept`` were given: one apostrophe in front of a formula is not part of the text."""
    return text[1:] if ESCAPED.match(text) else text


def _is_number(shown: str) -> bool:
    return shown[0] in "+-" and shown[1:].replace(".", "", 1).isdigit() and shown.isascii()
