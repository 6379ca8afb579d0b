"""Which column of a product file holds what. Standard library only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from assurance.products.completeness import ATTRIBUTE
from assurance.sheets.table import Table, column_name

REMARK: Final = frozenset({"errors", "what is wrong", "错误", "有什么问题"})
"""Columns we add when we hand rows back; they are not read."""
TAIL: Final = re.compile(r"[*＊]|[(（][^()（）]*[)）]$")


@dataclass(frozen=True)
class Columns:
    """What the columns hold, by their place: a field, ``attributes.`` and a key or a label, or nothing that is read."""

    fields: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What columns may be called: fields by name, labels of attributes, and the fields that this person may not give."""

    fields: Mapping[str, str]
    attributes: Collection[str]
    forbidden: Collection[str]


class HeaderFlaws(Exception):
    """``(column, code)`` of every column that cannot be read."""

    def __init__(self, flaws: list[tuple[str, str]]) -> None:
        super().__init__("header_invalid")
        self.flaws = flaws


def normal(name: str) -> str:
    """Return a column's name without what does not distinguish it: width, case, blanks, a unit in brackets, a star."""
    return "".join(TAIL.sub("", unicodedata.normalize("NFKC", name).strip()).casefold().split())


def read(table: Table, known: Known, needed: Collection[str]) -> Columns:
    """Return what the columns of a file hold, told by its first row.

    :raises HeaderFlaws: a column is unknown, there twice, without a name, joined with another, or missing
    """
    head = table.rows[0]
    names = [text.strip() for _kind, text in head.cells]
    wide = max(len(row.cells) for row in table.rows)
    names += [""] * (wide - len(names))
    found = [_field(name, known) for name in names]
    flaws = [(_called(names, place), code) for place, code in _joined(table)]
    for place, (name, field) in enumerate(zip(names, found, strict=True)):
        if not name and any(len(row.cells) > place and row.cells[place][1] for row in table.rows):
            flaws.append((column_name(place), "column_without_name"))
        elif name and field is None:
            flaws.append((name, "column_unknown"))
        elif field in known.forbidden:
            flaws.append((name, "column_not_allowed"))
        elif field and found.index(field) < place:
            flaws.append((name, "column_twice"))
    flaws += [(name, "column_missing") for name in needed if name not in found]
    if flaws:
        raise HeaderFlaws(list(dict.fromkeys(flaws)))
    return Columns(tuple(field or "" for field in found), tuple(names))


def _field(name: str, known: Known) -> str | None:
    """Return the field of a column; nothing in words for one that is passed over, None for one that nobody knows."""
    plain = normal(name)
    if not plain or plain in {normal(one) for one in REMARK}:
        return ""
    if plain in known.fields:
        return known.fields[plain]
    key = name.strip().removeprefix(ATTRIBUTE)
    if normal(key) in known.attributes:
        return ATTRIBUTE + normal(key)
    return None


def _joined(table: Table) -> list[tuple[int, str]]:
    number = table.rows[0].number
    return [
        (place, "column_merged")
        for top, bottom, left, right in table.merged
        if top <= number <= bottom
        for place in range(left, min(right, left + 3) + 1)
    ]


def _called(names: list[str], place: int) -> str:
    return names[place] if place < len(names) and names[place] else column_name(place)
