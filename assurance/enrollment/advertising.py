"""What a text may not say in advertising: words and patterns of a rule file, found however they are spaced or spelled.

The rule file (``data/advertising``) names for every rule its level, its legal basis and what to say instead. Offsets count the
characters of the text as it was given.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

LONGEST: Final = 4_000
"""Characters of a text that is checked in one go: about a quarter of an hour of talk."""


class Level(StrEnum):
    """How grave a finding is: leave it out; only with proof at hand; think about it."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Rule:
    """One group of expressions with its legal basis."""

    code: str
    level: Level
    name_zh: str
    name_en: str
    basis_zh: str
    basis_en: str
    advice_zh: str
    advice_en: str
    found_by: re.Pattern[str]


@dataclass(frozen=True)
class Rules:
    """A version of the rule file, ready for use."""

    version: str
    rules: tuple[Rule, ...]
    allowed: re.Pattern[str]


@dataclass(frozen=True)
class Finding:
    """One expression in the text, ``text[start:end]``, and the rule that it meets."""

    start: int
    end: int
    words: str
    rule: Rule


def read(data: Mapping[str, Any]) -> Rules:
    """Make a rule file ready for use.

    :raises KeyError, ValueError: if an entry is missing or a level is unknown
    """
    return Rules(data["version"], tuple(_rule(row) for row in data["rules"]), _any_of(data["whitelist"], ()))


def check(text: str, rules: Rules) -> list[Finding]:
    """Return what the text should not say, in its order. Of expressions that overlap the longest counts, then the graver one.

    :raises ValueError: if the text is longer than ``LONGEST``
    """
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} characters; at most {LONGEST}")
    plain, places = _plain(text)
    allowed = [match.span() for match in rules.allowed.finditer(plain)]
    order = list(Level)
    hits = sorted(_hits(plain, rules.rules), key=lambda hit: (hit[0] - hit[1], order.index(hit[2].level), hit[0]))
    taken: list[tuple[int, int]] = []
    found = []
    for start, end, rule in hits:
        if _meets(start, end, taken) or any(begin <= start < stop for begin, stop in allowed):
            continue
        taken.append((start, end))
        first, last = places[start], places[end - 1] + 1
        found.append(Finding(first, last, text[first:last], rule))
    return sorted(found, key=lambda finding: finding.start)


def _hits(plain: str, rules: Iterable[Rule]) -> Iterator[tuple[int, int, Rule]]:
    for rule in rules:
        for match in rule.found_by.finditer(plain):
            yield match.start(), match.end(), rule


def _meets(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in taken)


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the text as it is compared – full width as half, capitals as small, nothing between the characters – and where each stood."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for one in unicodedata.normalize("NFKC", letter).casefold():
            if not one.isspace() and unicodedata.category(one) not in ("Cf", "Mn") and one not in "·-_*~|/":
                letters.append(one)
                places.append(place)
    return "".join(letters), places


def _rule(row: Mapping[str, Any]) -> Rule:
    names = ("code", "name_zh", "name_en", "basis_zh", "basis_en", "advice_zh", "advice_en")
    return Rule(**{name: row[name] for name in names}, level=Level(row["level"]), found_by=_any_of(row["words"], row["patterns"]))


def _any_of(words: Iterable[str], patterns: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of the words, the longest first, or of the patterns."""
    longest_first = sorted((_plain(word)[0] for word in words), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, longest_first), *patterns]) or r"(?!)")
