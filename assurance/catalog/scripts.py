"""A script with its findings, cut into pieces that a page can mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language

from assurance.advertising import HIGH, LOW, MEDIUM, check, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assurance.advertising import Finding

TONES: Final = {HIGH: "fail", MEDIUM: "hold", LOW: "wait"}
"""The tone a finding of each level is drawn in."""


@dataclass(frozen=True)
class Note:
    """One finding in the reader's language; ``number`` is its place, from 1."""

    number: int
    start: int
    end: int
    words: str
    rule: str
    level: str
    tone: str
    name: str
    basis: str
    advice: str
    would_support: str


@dataclass(frozen=True)
class Piece:
    """A stretch of the script; one with a note is marked."""

    text: str
    note: Note | None = None


@dataclass(frozen=True)
class Checked:
    """A script that was checked, by the named version of the rules."""

    version: str
    notes: list[Note]
    pieces: list[Piece]


def checked(script: str) -> Checked:
    """Check a script; nothing of it is kept."""
    notes = [_note(number, finding) for number, finding in enumerate(check(script), start=1)]
    return Checked(shipped().version, notes, list(_pieces(script, notes)))


def _note(number: int, finding: Finding) -> Note:
    rule, in_english = shipped().by_code[finding.rule], (get_language() or "").startswith("en")
    return Note(
        number=number,
        start=finding.start,
        end=finding.end,
        words=finding.text,
        rule=rule.code,
        level=rule.level,
        tone=TONES[rule.level],
        name=rule.name_en if in_english else rule.name_zh,
        basis=rule.basis_en if in_english else rule.basis_zh,
        advice=rule.advice_en if in_english else rule.advice_zh,
        would_support=rule.would_support_en.replace("{text}", finding.text) if in_english else finding.would_support,
    )


def _pieces(script: str, notes: list[Note]) -> Iterator[Piece]:
    place = 0
    for note in notes:
        if note.start > place:
            yield Piece(script[place : note.start])
        yield Piece(script[note.start : note.end], note)
        place = note.end
    if place < len(script):
        yield Piece(script[place:])
