"""What one cell of a product file means, and what exactly is wrong with one that means nothing. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from assurance.products.completeness import is_gtin
from assurance.sheets.table import BOOLEAN, DATE, ERROR, FORMULA, NUMBER, Cell
from assurance.web import numbers, text
from assurance.web.invalid import Invalid

MOST_DAYS: Final = 36_500
MOST_GRAMS: Final = 2_000_000
MOST_MM: Final = 10_000
SHORTENED: Final = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]{1,3}", re.IGNORECASE)
"""How a spreadsheet writes a long number once it has lost its last digits."""
DIGITS_KEPT: Final = 15
PERCENT: Final = Decimal(100)
GTIN_LENGTHS: Final = (8, 12, 13, 14)

Reader = Callable[[Cell], Any]


def said(cell: Cell) -> str:
    """Return what stands in a cell, trimmed.

    :raises Invalid: formula_without_value, cell_error
    """
    kind, value = cell
    if kind == FORMULA:
        raise Invalid("formula_without_value")
    if kind == ERROR:
        raise Invalid("cell_error", error=text.clip(value, 20))
    return value.strip()


def plain_text(most: int, *, dates: bool = False) -> Reader:
    """Read text; a number counts as what it shows, a date only where one may be meant."""

    def read(cell: Cell) -> str:
        value = said(cell)
        is_long = cell[0] == NUMBER and len(value.lstrip("-").replace(".", "")) > DIGITS_KEPT
        if is_long or (cell[0] == DATE and not dates) or SHORTENED.fullmatch(value):
            raise Invalid("looks_damaged")
        return text.clean(value, max_length=most)

    return read


def needed(read: Reader) -> Reader:
    """Let an empty cell be a flaw."""

    def read_needed(cell: Cell) -> Any:
        value = read(cell)
        if value in (None, ""):
            raise Invalid("required")
        return value

    return read_needed


def sku(cell: Cell) -> str:
    """Read a stock-keeping number. One that the spreadsheet took for a number may have lost its zeros in front."""
    value = said(cell)
    if cell[0] in (NUMBER, DATE, BOOLEAN) or SHORTENED.fullmatch(value):
        raise Invalid("looks_damaged")
    value = text.clean(value, max_length=40)
    if not value:
        raise Invalid("required")
    return value


def gtin(cell: Cell) -> str:
    """Read a GTIN with or without blanks and dashes; also one the spreadsheet took for a number, if every digit is there."""
    value = said(cell)
    digits = value.replace(" ", "").replace("-", "")
    if not digits or is_gtin(digits):
        return digits
    lost_zeros = digits.isascii() and digits.isdigit() and any(is_gtin(digits.zfill(length)) for length in GTIN_LENGTHS)
    if lost_zeros or cell[0] == DATE or SHORTENED.fullmatch(value) or (cell[0] == NUMBER and len(digits) > DIGITS_KEPT):
        raise Invalid("looks_damaged")
    raise Invalid("gtin_check_digit")


def whole(most: int) -> Reader:
    """Read a whole number from 1."""

    def read(cell: Cell) -> int | None:
        value = _figure(cell)
        return numbers.whole_from_text(value, most=most) if value else None

    return read


def amount(*, zero_ok: bool = False) -> Reader:
    """Read an amount in yuan."""

    def read(cell: Cell) -> Decimal | None:
        value = _figure(cell)
        return numbers.money(value, zero_ok=zero_ok) if value else None

    return read


def share(cell: Cell) -> Decimal | None:
    """Read a share written as 0.2 or as 20 %."""
    value = _figure(cell)
    if not value:
        return None
    if value[-1] in "%％":
        return (numbers.rate(value[:-1].strip(), most=PERCENT) / PERCENT).quantize(Decimal("0.000001"))
    return numbers.rate(value)


def _figure(cell: Cell) -> str:
    value = said(cell)
    if cell[0] in (DATE, BOOLEAN):
        raise Invalid("looks_damaged")
    return value


READERS: Final[Mapping[str, Reader]] = {
    "sku": sku,
    "name": needed(plain_text(80)),
    "name_en": plain_text(120),
    "specification": plain_text(60),
    "gtin": gtin,
    "no_gtin_reason": plain_text(120),
    "shelf_life_days": whole(MOST_DAYS),
    "net_weight_g": whole(MOST_GRAMS),
    "gross_weight_g": whole(MOST_GRAMS),
    "length_mm": whole(MOST_MM),
    "width_mm": whole(MOST_MM),
    "height_mm": whole(MOST_MM),
    "price": needed(amount()),
    "cost": amount(zero_ok=True),
    "commission_rate": share,
}
"""How the fields of a product are read; the category and what it asks for are read by ``rows``."""
NEEDED: Final = ("sku", "name", "category", "price")
"""Columns that every file has."""
