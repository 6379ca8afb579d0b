"""Read what a scanner reads: a GS1 element string, a GS1 Digital Link, a plain GTIN or SKU. biip does the reading (docs/adr/0013)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import biip
from biip import ParseConfig
from biip.gs1_messages import GS1Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from biip.gs1_element_strings import GS1ElementString

MOST_CHARACTERS: Final = 200
SEPARATOR: Final = "\u241d"
"""The printable sign for the group separator (FNC1); text fields keep it, a control character they would refuse."""
TYPED_SEPARATORS: Final = ("\x1d", "<GS>", "{GS}")
"""How scanners that type send it."""


class Unreadable(ValueError):
    """It begins like GS1 and goes on wrongly; ``gtin`` names the number whose check digit does not fit."""

    def __init__(self, gtin: str = "") -> None:
        super().__init__(gtin)
        self.gtin = gtin


@dataclass(frozen=True, slots=True)
class Scanned:
    """What one scan says. Of a plain code nothing but the code is known; ``expires`` is the expiry date, else the best-before date."""

    code: str
    lot_number: str = ""
    expires: date | None = None
    produced: date | None = None
    quantity: int | None = None
    serial: str = ""
    is_gs1: bool = False


def printable(text: str) -> str:
    """Return a scan with every separator as its printable sign."""
    for separator in TYPED_SEPARATORS:
        text = text.replace(separator, SEPARATOR)
    return text


def read(text: str) -> Scanned:
    """Return what a scan says.

    :raises Unreadable: if it is GS1 and wrong: a check digit, a date, an unknown part
    """
    text = printable(text.strip())
    if not _is_gs1(text):
        return Scanned(text)
    parts = list(_parts(text))
    by_ai = {part.ai.ai: part for part in reversed(parts)}
    named = by_ai.get("01") or by_ai.get("02")
    if named is None:
        return Scanned(text)
    if named.gtin is None:
        raise Unreadable(named.value)
    dated = by_ai.get("17") or by_ai.get("15")
    counted = by_ai.get("30") or by_ai.get("37")
    return Scanned(
        code=named.value,
        lot_number=by_ai["10"].value if "10" in by_ai else "",
        expires=dated.date if dated else None,
        produced=by_ai["11"].date if "11" in by_ai else None,
        quantity=int(counted.value) if counted and int(counted.value) else None,
        serial=by_ai["21"].value if "21" in by_ai else "",
        is_gs1=True,
    )


def _is_gs1(text: str) -> bool:
    """Whether it looks like GS1 at all: a plain GTIN has at most 14 digits, and no SKU begins like an element string with a GTIN."""
    if text.startswith(("https://", "http://", "]C1", "]d2", "]Q3", "]e0", "(01)", "(02)")):
        return True
    return len(text) > 15 and text[:2] in ("01", "02", "00") and text[:16].isascii() and text[:16].isdigit()


def _parts(text: str) -> Iterable[GS1ElementString]:
    try:
        if text.startswith("("):
            return GS1Message.parse_hri(text).element_strings
        found = biip.parse(text, config=ParseConfig(separator_chars=(SEPARATOR,)))
    except (biip.ParseError, ValueError):
        raise Unreadable from None
    if found.gs1_digital_link_uri:
        return found.gs1_digital_link_uri.element_strings
    if found.gs1_message:
        return found.gs1_message.element_strings
    raise Unreadable
