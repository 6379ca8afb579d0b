"""Which text is accepted: real characters, in an order a person could have typed, of a bounded length."""

import unicodedata
from typing import Final

from assurance.web.invalid import Invalid

NUL: Final = "\x00"
MARKS_IN_A_ROW: Final = 8
"""Scripts in use stack four at most; more is made to paint over other people's lines."""

JOINERS: Final = frozenset("\u200c\u200d")
"""Format characters that ordinary text needs (emoji families, Persian); all others reorder or hide text."""


def clean(text: str, *, max_length: int, several_lines: bool = False) -> str:
    """Return the text trimmed and in NFC.

    :raises Invalid: too_long, nul_character, invalid_unicode, character_not_allowed
    """
    if len(text) > max_length * 4:  # before anything that costs time per character
        raise Invalid("too_long", max=max_length)
    check_characters(text, several_lines=several_lines)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").strip())
    if len(text) > max_length:
        raise Invalid("too_long", max=max_length)
    return text


def check_characters(text: str, *, several_lines: bool = False) -> None:
    """Refuse characters that hide, reorder or break text."""
    check_encodable(text)
    if text.isascii() and text.isprintable():
        return
    if several_lines:
        text = text.replace("\r\n", "\n").replace("\n", " ").replace("\t", " ")
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > MARKS_IN_A_ROW or _is_unwanted(character, category):
            raise Invalid("character_not_allowed", character=f"U+{ord(character):04X}")


def check_encodable(text: str) -> None:
    """Refuse what PostgreSQL cannot store: NUL and halves of characters."""
    if NUL in text:
        raise Invalid("nul_character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid("invalid_unicode") from None


def _is_unwanted(character: str, category: str) -> bool:
    if category == "Cf":
        return character not in JOINERS
    return category in ("Cc", "Zl", "Zp") or (ord(character) & 0xFFFE) == 0xFFFE


def clip(value: object, limit: int = 80) -> str:
    """Return at most ``limit`` printable characters of something that came from outside."""
    text = "".join(c if c.isprintable() else " " for c in str(value)[: limit + 1])
    return text if len(text) <= limit else text[: limit - 1] + "…"
