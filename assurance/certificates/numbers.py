"""What the number of a certificate says, and what is wrong with it. No register is asked: a number that reads well may still be made up.

Sources of the rules are named in docs/certificates.md. ``key`` is the number as it is compared: full-width characters made plain, upper
case, without spaces, hyphens, dots or brackets. Positions count in ``key``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

FIRST_YEAR: Final = 2002
"""Compulsory certification (3C) began in 2002."""
FOOD_CLASSES: Final = frozenset({f"1{n:02}" for n in range(1, 32)} | {f"2{n:02}" for n in range(1, 4)})
"""31 classes of food and three of additives."""
PROVINCES: Final = frozenset(map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66))))
SHORT_NAMES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
LEAST: Final = 4
MOST: Final = 60


@dataclass(frozen=True)
class Part:
    """One stretch of a number, by what it stands for."""

    name: str
    text: str
    start: int


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a number, and where: ``key[start:end]``."""

    code: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """A number, taken apart."""

    key: str
    parts: tuple[Part, ...]
    flaws: tuple[Flaw, ...]


def read(kind: str, number: str, *, year: int, product_class: str = "") -> Reading:
    """Take a number of this kind of certificate apart.

    ``year`` is the last one that a number may carry. ``product_class`` is what a 3C number's class must begin with, if that is known.
    """
    key = key_of(kind, number)
    if kind == "ccc":
        return _ccc(key, year, product_class)
    if kind == "sc":
        return _food_licence(key)
    if kind in PATTERNS:
        return _by_pattern(key, PATTERNS[kind], year)
    return _plain(key)


def key_of(kind: str, number: str) -> str:
    """Return a number as it is compared with others."""
    plain = unicodedata.normalize("NFKC", number).upper()
    key = "".join(character for character in plain if character.isalnum())
    if kind == "ccc":
        return key.removeprefix("CCC")
    if kind == "sc":
        return "SC" + key.removeprefix("SC")
    return key


def check_digit(digits: str) -> str:
    """Return the check digit behind these digits by ISO 7064 MOD 11,10 (GB/T 17710)."""
    carried = 10
    for digit in digits:
        total = (carried + int(digit)) % 10 or 10
        carried = total * 2 % 11
    return str((11 - carried) % 10)


def _ccc(key: str, year: int, product_class: str) -> Reading:
    if flaws := _not_digits(key, 0, 16):
        return Reading(key, (), flaws)
    parts = _cut(key, (("year", 4), ("body", 2), ("class", 4), ("serial", 6)), 0)
    found = []
    if not FIRST_YEAR <= int(key[:4]) <= year:
        found.append(Flaw("year_out_of_range", 0, 4))
    if product_class and not key[6:10].startswith(product_class):
        found.append(Flaw("class_differs", 6, 10))
    return Reading(key, parts, tuple(found))


def _food_licence(key: str) -> Reading:
    start, digits = 2, key[2:]
    if flaws := _not_digits(digits, start, 14):
        return Reading(key, (), flaws)
    lengths = (("food_class", 3), ("province", 2), ("city", 2), ("county", 2), ("serial", 4), ("check", 1))
    found = []
    if digits[:3] not in FOOD_CLASSES:
        found.append(Flaw("unknown_food_class", 2, 5))
    if digits[3:5] not in PROVINCES:
        found.append(Flaw("unknown_province", 5, 7))
    if check_digit(digits[:13]) != digits[13]:
        found.append(Flaw("check_digit", 15, 16))
    return Reading(key, _cut(digits, lengths, start), tuple(found))


PATTERNS: Final[Mapping[str, tuple[re.Pattern[str], ...]]] = {
    "cosmetics_filing": tuple(
        map(
            re.compile,
            (
                rf"(?P<province>[{SHORT_NAMES}])(?P<series>G妆网备字)(?P<year>[0-9]{{4}})(?P<serial>[0-9]{{6}})",
                rf"(?P<series>国妆网备进字)(?P<province>[{SHORT_NAMES}])(?P<year>[0-9]{{4}})(?P<serial>[0-9]{{6}})",
                r"(?P<series>国妆备(?:进)?字[GJ]?)(?P<year>[0-9]{4})(?P<serial>[0-9]{4,6})",
                r"(?P<series>国妆特(?:进)?字[GJ]?)(?P<year>[0-9]{4})(?P<serial>[0-9]{4,6})",
            ),
        )
    ),
    "health_food": tuple(
        map(
            re.compile,
            (
                r"(?P<series>国食健(?:注|备)?字?[GJ])(?P<year>[0-9]{4})(?P<serial>[0-9]{4})",
                r"(?P<series>食健备[GJ])(?P<year>[0-9]{4})(?P<province>[0-9]{2})(?P<serial>[0-9]{6})",
            ),
        )
    ),
    "customs": (re.compile(r"(?P<office>[0-9]{4})(?P<year>[0-9]{4})(?P<direction>[01])(?P<serial>[0-9]{9})"),),
}


def _by_pattern(key: str, patterns: tuple[re.Pattern[str], ...], year: int) -> Reading:
    for pattern in patterns:
        if found := pattern.fullmatch(key):
            parts = tuple(Part(name, text, found.start(name)) for name, text in found.groupdict().items())
            start = found.start("year")
            is_old_enough = 1980 <= int(found["year"]) <= year
            return Reading(key, parts, () if is_old_enough else (Flaw("year_out_of_range", start, start + 4),))
    return Reading(key, (), (Flaw("pattern", 0, len(key)),))


def _plain(key: str) -> Reading:
    is_plausible = LEAST <= len(key) <= MOST and any(character.isdigit() for character in key)
    return Reading(key, (), () if is_plausible else (Flaw("pattern", 0, len(key)),))


def _not_digits(text: str, start: int, length: int) -> tuple[Flaw, ...]:
    """Return what keeps a text from being so many ASCII digits: each character that is none, or the length."""
    wrong = [place for place, character in enumerate(text) if character not in "0123456789"]
    if wrong:
        return tuple(Flaw("not_a_digit", start + place, start + place + 1) for place in wrong)
    return () if len(text) == length else (Flaw("wrong_length", start, start + len(text)),)


def _cut(text: str, lengths: tuple[tuple[str, int], ...], start: int) -> tuple[Part, ...]:
    parts, place = [], 0
    for name, length in lengths:
        parts.append(Part(name, text[place : place + length], start + place))
        place += length
    return tuple(parts)
