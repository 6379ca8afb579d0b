"""What reading a file gives: its rows, or the one reason why it cannot be read. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
MOST_TEXT: Final = 32_767
"""Characters in one cell; no spreadsheet keeps more."""
MOST_CHARACTERS: Final = 24_000_000
"""In all cells together."""

TEXT: Final = "t"
NUMBER: Final = "n"
DATE: Final = "d"
BOOLEAN: Final = "b"
FORMULA: Final = "f"
"""A formula whose result was not saved."""
ERROR: Final = "e"

Cell = tuple[str, str]
"""Its kind and what it says. In a CSV file every cell is text."""


@dataclass(slots=True)
class Row:
    """One row that is not empty, by its number in the spreadsheet."""

    number: int
    cells: list[Cell]


@dataclass(slots=True)
class Table:
    """The rows of a file, the header first; what was passed over; the first and last row and column of joined cells."""

    form: str
    rows: list[Row] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class Unreadable(Exception):
    """The file as a whole is refused. ``code`` says why, ``params`` where."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Rows:
    """Collects rows within the bounds."""

    def __init__(self) -> None:
        self.found: list[Row] = []
        self.characters = 0

    def add(self, number: int, cells: list[Cell]) -> None:
        """Keep a row unless it is empty.

        :raises Unreadable: too_many_rows, too_many_columns, too_much_text
        """
        while cells and cells[-1] == (TEXT, ""):
            cells.pop()
        if not cells:
            return
        if len(self.found) > MOST_ROWS:
            raise Unreadable("too_many_rows", max=MOST_ROWS)
        if len(cells) > MOST_COLUMNS:
            raise Unreadable("too_many_columns", max=MOST_COLUMNS)
        self.characters += sum(len(text) for _, text in cells)
        if self.characters > MOST_CHARACTERS:
            raise Unreadable("too_much_text")
        self.found.append(Row(number, cells))


def column_name(place: int) -> str:
    """Return what a spreadsheet calls a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
