"""A file of shipment notices: one line a row, rows of one reference together are one notice. No database in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from assurance.imports import header
from assurance.imports.cells import Reader, needed, plain_text, said, sku, whole
from assurance.sheets.table import TEXT
from assurance.web import moments, numbers
from assurance.web.invalid import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from assurance.sheets.table import Cell, Row, Table

YES: Final = frozenset({"1", "yes", "true", "是"})
NO: Final = frozenset({"", "0", "no", "false", "否"})


def day(cell: Cell) -> date | None:
    """Read a day as 2026-11-20; a spreadsheet's date says the same."""
    value = said(cell).replace("/", "-").replace(".", "-")
    return moments.day("-".join(part.zfill(2) for part in value.split("-"))) if value else None


def flag(cell: Cell) -> bool:
    """Read yes or no; an empty cell is no."""
    value = said(cell).casefold()
    if value not in YES | NO:
        raise Invalid("boolean_expected")
    return value in YES


READERS: Final[Mapping[str, Reader]] = {
    "reference": needed(plain_text(40, dates=True)),
    "warehouse": needed(plain_text(24)),
    "expected_date": needed(day),
    "sku": needed(sku),
    "lot_number": needed(plain_text(40, dates=True)),
    "produced_date": day,
    "expiry_date": day,
    "quantity": needed(whole(numbers.INT32_MAX)),
    "cartons": whole(numbers.INT32_MAX),
    "is_gift": flag,
}
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "reference": ("your reference", "商家单号", "单号"),
    "warehouse": ("warehouse", "仓库", "仓库编码"),
    "expected_date": ("expected on", "预计到货", "预计到货日期"),
    "sku": ("sku", "商品编码"),
    "lot_number": ("lot", "lot number", "批次", "批次号", "批号"),
    "produced_date": ("production date", "生产日期"),
    "expiry_date": ("expiry date", "到期日", "有效期至"),
    "quantity": ("units", "quantity", "件数", "数量"),
    "cartons": ("cartons", "箱数"),
    "is_gift": ("given away", "赠品"),
}


def headings(language: str) -> list[tuple[str, list[str], bool]]:
    """Return how the columns are headed in a language: the usual word, other words, and whether every file has the column."""
    is_chinese = language.startswith("zh")
    spoken = {name: [one for one in several if one.isascii() != is_chinese] for name, several in NAMES.items()}
    return [(words[0], words[1:], name in NEEDED) for name, words in spoken.items()]


NEEDED: Final = ("reference", "warehouse", "expected_date", "sku", "lot_number", "quantity")
KNOWN: Final = header.Known(
    {header.normal(called): name for name, several in NAMES.items() for called in (name, *several)}, frozenset(), frozenset()
)


@dataclass(frozen=True)
class CellFlaw:
    """One bad cell; ``row`` counts as the spreadsheet does."""

    row: int
    column: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One row that can be read."""

    row: int
    values: Mapping[str, Any]


def read(table: Table) -> tuple[list[Entry], list[CellFlaw]]:
    """Return the rows of a file and what is wrong with them.

    :raises header.HeaderFlaws: if its columns cannot be told
    """
    columns = header.read(table, KNOWN, NEEDED)
    entries, flaws = [], []
    for row in table.rows[1:]:
        found = list(_values(row, columns))
        wrong = [one for one in found if isinstance(one, CellFlaw)]
        flaws += wrong
        if not wrong:
            entries.append(Entry(row.number, dict(one for one in found if not isinstance(one, CellFlaw))))
    return entries, flaws


def _values(row: Row, columns: header.Columns) -> Iterator[tuple[str, Any] | CellFlaw]:
    for place, field in enumerate(columns.fields):
        if not field:
            continue
        cell = row.cells[place] if place < len(row.cells) else (TEXT, "")
        try:
            yield field, READERS[field](cell)
        except Invalid as found:
            yield CellFlaw(row.number, columns.names[place], found.code, found.params)
