"""XLSX: the first visible sheet of a workbook, cell by cell, by the kinds that a spreadsheet keeps (ECMA-376, part 1, chapter 18)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Final

from assurance.sheets.archive import opened, pieces
from assurance.sheets.escaping import restored
from assurance.sheets.formats import DateSystem, Format, formats_of, shown
from assurance.sheets.markup import Attributes, walk
from assurance.sheets.table import (
    BOOLEAN,
    DATE,
    ERROR,
    FORMULA,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_TEXT,
    TEXT,
    Cell,
    Rows,
    Table,
    Unreadable,
)

WORKBOOK: Final = "xl/workbook.xml"
CONTENT_TYPES: Final = "[Content_Types].xml"
NOTES: Final = ("Notes", "说明")
"""Sheets of our own templates that hold no rows."""
MOST_ELEMENTS: Final = 10 * MOST_ROWS
"""Rows that are only formatted count here too; a sheet with more of them is refused early."""
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
SPELT_OUT: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
EMPTY: Final[Cell] = (TEXT, "")


def read(data: bytes) -> Table:
    """Return the rows of the first visible sheet that has any.

    :raises Unreadable: what archive, XML and bounds refuse; not_a_workbook, macros_not_allowed, no_rows
    """
    archive = opened(data)
    names = set(archive.namelist())
    if CONTENT_TYPES not in names or WORKBOOK not in names:
        raise Unreadable("not_a_workbook")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("macros_not_allowed")
    book = _Book(archive)
    strings = _strings(archive, names)
    table = Table("xlsx", remarks=[("hidden_sheet", name) for name, _path, is_visible in book.sheets if not is_visible])
    for name, path, is_visible in book.sheets:
        if not is_visible or path not in names:
            continue
        if table.rows:
            if name not in NOTES:
                table.remarks.append(("other_sheet", name))
            continue
        sheet = _Sheet(strings, book.formats, book.dates)
        walk(pieces(archive, path), start=sheet.start, end=sheet.end, text=sheet.text)
        table.rows, table.merged = sheet.rows.found, sheet.merged
    return table


class _Book:
    """Which sheets there are, where they lie, whether they are shown, and how numbers are formatted."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        names = set(archive.namelist())
        self._told: list[tuple[str, str, bool]] = []
        self._paths: dict[str, str] = {}
        self.dates = DateSystem.FROM_1900
        walk(pieces(archive, CONTENT_TYPES), start=self._content_type)
        walk(pieces(archive, WORKBOOK), start=self._of_workbook)
        relations = "xl/_rels/workbook.xml.rels"
        if relations in names:
            walk(pieces(archive, relations), start=self._relation)
        self.sheets = [(name, self._paths.get(relation, ""), is_visible) for name, relation, is_visible in self._told]
        styles = "xl/styles.xml"
        self.formats = formats_of(pieces(archive, styles)) if styles in names else [Format.GENERAL]

    def _content_type(self, _name: str, given: Attributes) -> None:
        if "macroenabled" in given.get("ContentType", "").lower():
            raise Unreadable("macros_not_allowed")

    def _of_workbook(self, name: str, given: Attributes) -> None:
        if name == "sheet":
            self._told.append((given.get("name", "")[:80], given.get("id", ""), given.get("state", "visible") == "visible"))
        elif name == "workbookPr" and given.get("date1904") in ("1", "true"):
            self.dates = DateSystem.FROM_1904

    def _relation(self, name: str, given: Attributes) -> None:
        if name == "Relationship" and given.get("TargetMode") != "External":
            target = given.get("Target", "")
            self._paths[given.get("Id", "")] = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _strings(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    """Return the texts that cells share, without how they are pronounced."""
    path = "xl/sharedStrings.xml"
    if path not in names:
        return []
    found: list[str] = []
    parts: list[str] = []
    state = _Inside()
    total = 0

    def start(name: str, _given: Attributes) -> None:
        state.enter(name)
        if name == "si":
            parts.clear()

    def text(piece: str) -> None:
        nonlocal total
        if state.is_text:
            total += len(piece)
            if total > MOST_CHARACTERS:
                raise Unreadable("too_much_text")
            parts.append(piece)

    def end(name: str) -> None:
        state.leave(name)
        if name == "si":
            found.append(_plain("".join(parts)))

    walk(pieces(archive, path), start=start, end=end, text=text)
    return found


@dataclass(slots=True)
class _Inside:
    """Whether the characters that come belong to a text."""

    is_text: bool = False
    is_sound: bool = False

    def enter(self, name: str) -> None:
        if name == "rPh":
            self.is_sound = True
        elif name == "t":
            self.is_text = not self.is_sound

    def leave(self, name: str) -> None:
        if name == "rPh":
            self.is_sound = False
        elif name == "t":
            self.is_text = False


@dataclass(slots=True)
class _Sheet:
    """Hears a sheet's elements and keeps its rows. What the sheet says of its own size is not believed."""

    strings: list[str]
    formats: list[Format]
    dates: DateSystem
    rows: Rows = field(default_factory=Rows)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    number: int = 0
    elements: int = 0
    cells: list[Cell] = field(default_factory=list)
    kind: str = ""
    style: int = 0
    place: int = 0
    has_formula: bool = False
    has_value: bool = False
    is_value: bool = False
    is_in_cell: bool = False
    inside: _Inside = field(default_factory=_Inside)
    parts: list[str] = field(default_factory=list)

    def start(self, name: str, given: Attributes) -> None:
        if name == "c":
            self._open_cell(given)
        elif name == "v":
            self.is_value = self.has_value = True
        elif name == "row":
            self._open_row(given)
        elif name == "f":
            self.has_formula = self.is_in_cell
        elif name == "mergeCell":
            self._join(given.get("ref", ""))
        elif self.is_in_cell:
            self.inside.enter(name)
            self.has_value = self.has_value or name == "is"

    def text(self, piece: str) -> None:
        if self.is_value or (self.inside.is_text and self.is_in_cell):
            self.parts.append(piece)

    def end(self, name: str) -> None:
        if name == "c":
            self.is_in_cell = False
            self._close_cell()
        elif name == "v":
            self.is_value = False
        elif name == "row":
            self.rows.add(self.number, self.cells)
            self.cells = []
        elif self.is_in_cell:
            self.inside.leave(name)

    def _open_row(self, given: Attributes) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise Unreadable("too_many_rows", max=MOST_ROWS)
        number = given.get("r", "")
        self.number = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else self.number + 1
        self.cells = []

    def _open_cell(self, given: Attributes) -> None:
        found = REFERENCE.fullmatch(given.get("r", ""))
        self.place = _place(found[1]) if found else len(self.cells)
        style = given.get("s", "0")
        self.style = int(style) if style.isascii() and style.isdigit() and len(style) < 6 else 0
        self.kind = given.get("t", "n")
        self.has_formula = self.has_value = False
        self.is_in_cell = True
        self.inside = _Inside()
        self.parts = []

    def _close_cell(self) -> None:
        read = self._cell("".join(self.parts))
        if read == EMPTY:
            return
        if len(read[1]) > MOST_TEXT:
            raise Unreadable("too_much_text")
        if self.place >= MOST_COLUMNS:
            raise Unreadable("too_many_columns", max=MOST_COLUMNS)
        while len(self.cells) <= self.place:
            self.cells.append(EMPTY)
        self.cells[self.place] = read

    def _cell(self, value: str) -> Cell:
        if self.has_formula and (not self.has_value or (self.kind == "n" and not value.strip())):
            return FORMULA, ""
        if not self.has_value:
            return EMPTY
        if self.kind == "s":
            is_known = value.isascii() and value.isdigit() and len(value) < 9 and int(value) < len(self.strings)
            if not is_known:
                raise Unreadable("sheet_unreadable")
            return TEXT, restored(self.strings[int(value)])
        if self.kind in ("str", "inlineStr"):
            return TEXT, restored(_plain(value))
        if self.kind == "b":
            return BOOLEAN, "TRUE" if value.strip() == "1" else "FALSE"
        if self.kind == "e":
            return ERROR, value
        if self.kind == "d":
            return DATE, value.removesuffix("T00:00:00")
        return shown(value, self.formats[self.style] if self.style < len(self.formats) else Format.GENERAL, self.dates)

    def _join(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        corners = REFERENCE.fullmatch(first), REFERENCE.fullmatch(last or first)
        if corners[0] and corners[1] and len(self.merged) < MOST_ROWS:
            top, bottom = int(corners[0][2]), int(corners[1][2])
            self.merged.append((top, bottom, _place(corners[0][1]), _place(corners[1][1])))


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _plain(text: str) -> str:
    """Return a text whose special characters were spelt out, as ``_x000D_`` (ECMA-376, ST_Xstring)."""
    return SPELT_OUT.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
