"""Document numbers that people can read aloud, and public codes that nobody can guess."""

from __future__ import annotations

import secrets
from typing import Final

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0/O, 1/I/L: a code must survive a phone call."""


def document_number(prefix: str, number: int) -> str:
    """Return ``PREFIX-000123``: the prefix says what it is, the number which one."""
    return f"{prefix}-{number:06}"


def public_code(length: int = 20) -> str:
    """Return a random code of about five bits a character (20 characters: 99 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def is_public_code(text: str) -> bool:
    """Say whether a text could be a public code at all."""
    return 8 <= len(text) <= 40 and all(character in ALPHABET for character in text)
