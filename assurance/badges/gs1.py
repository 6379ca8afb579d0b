"""Addresses after GS1 Digital Link: ``/01/<gtin>``, ``/01/<gtin>/10/<lot>``, and with a badge's code as serial ``…/21/<code>``."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

LENGTHS: Final = (8, 12, 13, 14)
CHARACTERS: Final = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}")
"""What a lot number may consist of in GS1's element strings (character set 82, at most 20)."""


def is_gtin(digits: str) -> bool:
    """Say whether this is a GTIN of 8, 12, 13 or 14 digits whose check digit is right (GS1 General Specifications, 7.9)."""
    if not (digits.isascii() and digits.isdigit() and len(digits) in LENGTHS):
        return False
    return check_digit(digits[:-1]) == int(digits[-1])


def check_digit(digits: str) -> int:
    """Return the check digit that belongs behind these: from the right, threes and ones in turn."""
    return -sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits))) % 10


def gtin14(digits: str) -> str:
    """Return a GTIN as a Digital Link writes it: 14 digits."""
    return digits.zfill(14)


def forms(digits: str) -> list[str]:
    """Return the ways in which a table may hold this GTIN: with and without the zeros that fill it up."""
    bare = digits.lstrip("0")
    return [bare.zfill(length) for length in LENGTHS if length >= len(bare)]


def path(gtin: str, lot: str = "", serial: str = "") -> str:
    """Return the path of a Digital Link; whatever a lot number contains is escaped, a slash too."""
    parts = ["", "01", gtin14(gtin)]
    parts += ["10", quote(lot, safe="")] if lot else []
    parts += ["21", quote(serial, safe="")] if serial else []
    return "/".join(parts)
