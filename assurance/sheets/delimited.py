"""CSV: written for spreadsheets (RFC 4180), read strictly."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from assurance.sheets.escaping import cell, restored
from assurance.sheets.table import MOST_TEXT, TEXT, Rows, Table, Unreadable

BYTE_ORDER_MARK: Final = "\ufeff"
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
NAMES: Final = {"utf-8-sig": "UTF-8", "gb18030": "GB18030"}


def lines(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV lines; what a spreadsheet would run is escaped."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def read(data: bytes) -> Table:
    """Return the rows of a CSV file in UTF-8, with or without its mark, or in GB18030 (which holds GBK and GB2312).

    :raises Unreadable: csv_unreadable with the line, and what ``Rows`` refuses
    """
    text = _decoded(data)
    if "\0" in text:
        raise Unreadable("csv_unreadable", line=text[: text.index("\0")].count("\n") + 1)
    rows = Rows()
    csv.field_size_limit(MOST_TEXT)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            rows.add(number, [(TEXT, restored(one)) for one in cells])
    except csv.Error:
        raise Unreadable("csv_unreadable", line=reader.line_num) from None
    if rows.found and len(rows.found[0].cells) == 1 and any(separator in rows.found[0].cells[0][1] for separator in ";\t|"):
        raise Unreadable("csv_unreadable", line=rows.found[0].number)
    return Table("csv", rows.found)


def _decoded(data: bytes) -> str:
    if data.startswith(UTF_16):
        raise Unreadable("csv_unreadable", line=1)
    at = 0
    for encoding in NAMES:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            at = max(at, error.start)
    raise Unreadable("csv_unreadable", line=data[:at].count(b"\n") + 1)
