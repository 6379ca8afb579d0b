"""Read one CSV file strictly: every cell that does not fit is named, and nothing stops the rest. Standard library only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from demo.replay.cells import BadCell, Reader

MOST_SHOWN: Final = 200
ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One bad cell: in which file, row (the header is row 1) and column, what stands there, and what is wrong with it."""

    file: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Table:
    """The good rows of a file by their numbers, and what was wrong with the others."""

    file: str
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    def refuse(self, row: int, column: str, value: object, reason: str) -> None:
        self.flaws.append(Flaw(self.file, row, column, str(value)[:MOST_SHOWN], reason))


def decoded(data: bytes) -> str:
    """Return the text of a file that is UTF-8, with or without a mark, or GB18030; broken bytes become U+FFFD, which no cell accepts."""
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8-sig", errors="replace")


def read(file: str, data: bytes, columns: Mapping[str, Reader]) -> Table:
    """Return the rows of a file whose every cell fits; a row with one bad cell is refused with all its bad cells named."""
    table = Table(file)
    rows = _records(decoded(data), table)
    header = [name.strip() for name in next(rows, (1, []))[1]]
    for name in columns:
        if header.count(name) != 1:
            table.refuse(1, name, ",".join(header), "column_twice" if name in header else "column_missing")
    if table.flaws:
        return table
    places = [(name, header.index(name), reader) for name, reader in columns.items()]
    for number, cells in rows:
        if len(cells) != len(header):
            table.refuse(number, "", ",".join(cells), "cells_too_few" if len(cells) < len(header) else "cells_too_many")
            continue
        values = _values(table, number, cells, places)
        if values is not None:
            table.rows.append((number, values))
    return table


def _records(text: str, table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield the records with their numbers as a spreadsheet counts them; empty ones are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""))
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            table.refuse(number, "", str(error), "not_csv")
            continue
        if cells:
            yield number, cells


def _values(table: Table, number: int, cells: list[str], places: list[tuple[str, int, Reader]]) -> dict[str, Any] | None:
    values, is_good = {}, True
    for name, place, reader in places:
        try:
            values[name] = reader(cells[place])
        except BadCell as bad:
            table.refuse(number, name, cells[place], str(bad))
            is_good = False
    return values if is_good else None
