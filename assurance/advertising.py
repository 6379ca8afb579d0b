"""What a text may not say in advertising, or only with proof: found however it is spaced or spelled.

    python -c "from assurance.enrollment.wording import check; print(check('全网第一'))"

Standard library only: needs no settings and no database. The rule file (``data/advertising``, made by ``tools/advertising``) names for
every rule its level, its legal basis and the evidence that would support it. Offsets count the characters of the text as it was given.
A finding is a flag for a person, not a verdict.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from assurance.reference import newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LONGEST: Final = 4_000
"""Characters of a text that is checked in one go: about a quarter of an hour of talk."""

Level = Literal["high", "medium", "low"]
HIGH: Final[Level] = "high"
MEDIUM: Final[Level] = "medium"
LOW: Final[Level] = "low"
LEVELS: Final[tuple[Level, ...]] = (HIGH, MEDIUM, LOW)
"""How grave a finding is, the gravest first: leave it out or prove it first; only with proof at hand; think about it."""

SILENT: Final = frozenset({"Cf", "Mn", "Me", "Cc", "Zs", "Zl", "Zp", "So", "Sk", "Sm", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf"})
"""Unicode categories of what may stand between the characters of a word without making it another: spaces, brackets, dashes, stars."""
SILENT_MARKS: Final = "·•・‧∙⋅*~|/\\'\"^#.`"
KEPT_MARKS: Final = "+#"
"""What counts where it belongs to a word: ``SPF50+``, ``#1``."""


@dataclass(frozen=True)
class Rule:
    """One group of expressions with its legal basis. ``support`` names the kinds of evidence that can carry it; none – nothing can."""

    code: str
    level: Level
    name_zh: str
    name_en: str
    basis_zh: str
    basis_en: str
    advice_zh: str
    advice_en: str
    would_support_zh: str
    would_support_en: str
    support: frozenset[str]
    only_in: frozenset[str]
    not_in: frozenset[str]
    found_by: tuple[re.Pattern[str], ...]

    def counts_in(self, families: frozenset[str]) -> bool:
        return (not self.only_in or bool(self.only_in & families)) and not self.not_in & families


@dataclass(frozen=True)
class Rules:
    """A version of the rule file, ready for use."""

    version: str
    by_code: Mapping[str, Rule]
    allowed: re.Pattern[str]
    families: Mapping[str, frozenset[str]]
    simplified: Mapping[int, str]

    def families_of(self, category: str | None) -> frozenset[str]:
        """Return the families a category belongs to: by its own code or by one above it, ``food/snacks``."""
        steps = (category or "").casefold().replace("_", "-").split("/")
        named = {family for family, codes in self.families.items() for step in steps if step in codes}
        return frozenset(named | {family for family in self.families for step in steps if step == family or step.startswith(f"{family}-")})


@dataclass(frozen=True)
class Finding:
    """One expression, ``text`` at ``[start:end]`` of what was checked, in the words of the law; ``rule`` is the code of its rule."""

    start: int
    end: int
    text: str
    rule: str
    level: Level
    legal_basis: str
    would_support: str


@lru_cache(maxsize=1)
def shipped() -> Rules:
    """Return the newest version that comes with the platform."""
    return read(newest("advertising"))


def read(data: Mapping[str, Any]) -> Rules:
    """Make a rule file ready for use.

    :raises KeyError, ValueError: if an entry is missing or a level is unknown
    """
    simplified = str.maketrans(data["simplified"])
    rules = {row["code"]: _rule(row, simplified) for row in data["rules"]}
    families = {family: frozenset(codes) for family, codes in data["families"].items()}
    white = data["whitelist"]
    return Rules(data["version"], rules, _either(*_words(white["words"], simplified), *white["patterns"]), families, simplified)


def check(text: str, category: str | None = None, *, rules: Rules | None = None) -> list[Finding]:
    """Return what the text should not say, in its order. Of expressions that overlap the longest counts, then the graver one.

    ``category`` is a category's code, alone or with those above it (``food/snacks``): some rules hold only there, some not there.
    Without ``rules`` the shipped version counts. What the list of exceptions covers wholly is no finding; what stands beside it is.

    :raises ValueError: if the text is longer than ``LONGEST``
    """
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} characters; at most {LONGEST}")
    rules = rules or shipped()
    plain, places = _plain(text, rules.simplified)
    allowed = [match.span() for match in rules.allowed.finditer(plain)]
    families = rules.families_of(category)
    counting = [rule for rule in rules.by_code.values() if rule.counts_in(families)]
    hits = sorted(_hits(plain, counting, allowed), key=lambda hit: (hit[0] - hit[1], LEVELS.index(hit[2].level), hit[0]))
    taken: list[tuple[int, int]] = []
    found = []
    for start, end, rule in hits:
        first, last = places[start], places[end - 1] + 1
        if _meets(start, end, taken) or _is_part_of_a_latin_word(text, first, last):
            continue
        taken.append((start, end))
        found.append(_finding(text, first, last, rule))
    return sorted(found, key=lambda finding: finding.start)


def _finding(text: str, start: int, end: int, rule: Rule) -> Finding:
    words = text[start:end]
    return Finding(start, end, words, rule.code, rule.level, rule.basis_zh, rule.would_support_zh.replace("{text}", words))


def _hits(plain: str, rules: Iterable[Rule], allowed: list[tuple[int, int]]) -> Iterator[tuple[int, int, Rule]]:
    for rule, found_by in [(one, found_by) for one in rules for found_by in one.found_by]:
        place = 0
        while match := found_by.search(plain, place):
            start, end = match.span()
            if any(begin == start or (begin < start and end <= stop) for begin, stop in allowed):
                place = start + 1  # what is excused must not hide what begins inside it
                continue
            yield start, end, rule
            place = max(end, start + 1)


def _meets(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in taken)


def _is_part_of_a_latin_word(text: str, start: int, end: int) -> bool:
    """Say whether the expression is a piece of a longer word or number: ``casino 1`` says no No. 1, and ``No. 10`` neither."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (_is_latin(text[start]) and _is_latin(before)) or (_is_latin(text[end - 1]) and _is_latin(after))


def _is_latin(letter: str) -> bool:
    plain = unicodedata.normalize("NFKC", letter)
    return plain.isascii() and plain.isalnum()


def _plain(text: str, simplified: Mapping[int, str]) -> tuple[str, list[int]]:
    """Return the text as it is compared – full width as half, capitals as small, simplified, nothing between – and where each stood."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for one in unicodedata.normalize("NFKC", letter).casefold().translate(simplified):
            if not _is_silent(one, text[place - 1 : place], text[place + 1 : place + 2]):
                letters.append(one)
                places.append(place)
    return "".join(letters), places


def _is_silent(letter: str, before: str, after: str) -> bool:
    """Say whether a character parts nothing. Between two digits it does: 1.00 is not 100. A ``+`` or ``#`` beside one belongs to it."""
    is_mark = letter in SILENT_MARKS or unicodedata.category(letter) in SILENT
    if not is_mark or letter.isalnum():
        return False
    if letter in KEPT_MARKS:
        return not (before.isdigit() or after.isdigit())
    return letter.isspace() or not (before.isdigit() and after.isdigit())


def _rule(row: Mapping[str, Any], simplified: Mapping[int, str]) -> Rule:
    names = ("code", "name_zh", "name_en", "basis_zh", "basis_en", "advice_zh", "advice_en", "would_support_zh", "would_support_en")
    if row["level"] not in LEVELS:
        raise ValueError(f"{row['code']}: no level {row['level']}")
    sets: dict[str, Any] = {name: frozenset(row[name]) for name in ("support", "only_in", "not_in")}
    by_themselves = [rf"(?<!\w){word}(?!\w)" for word in _words(row["alone"], simplified)]
    found_by = (_either(*by_themselves, *_words(row["words"], simplified)), _either(*row["patterns"]))
    return Rule(**{name: row[name] for name in names}, level=row["level"], found_by=found_by, **sets)


def _words(words: Iterable[str], simplified: Mapping[int, str]) -> list[str]:
    """Return what finds the words, the longest first."""
    return [re.escape(word) for word in sorted((_plain(word, simplified)[0] for word in words), key=len, reverse=True)]


def _either(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or r"(?!)")
