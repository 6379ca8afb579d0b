"""Rows as CSV that a spreadsheet shows as text and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

LIVE: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""A cell that begins like this is a formula to some spreadsheet."""


def cell(value: object) -> str:
    """Return a value as the text of a cell; what a spreadsheet would run gets an apostrophe in front."""
    shown = "" if value is None else str(value)
    return "'" + shown if shown.startswith(LIVE) and not _is_number(shown) else shown


def lines(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV lines (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def _is_number(shown: str) -> bool:
    return shown[0] in "+-" and shown[1:].replace(".", "", 1).isdigit() and shown.isascii()
