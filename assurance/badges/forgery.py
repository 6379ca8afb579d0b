"""Was this code ever ours? New codes carry four characters that only the platform can compute, so that a code that was cut short or
made up is told apart from one that we simply do not know.

A code is ``LENGTH`` random characters and ``MARK`` characters of an HMAC over them. Codes of before have no mark (``LENGTH``
characters) and stay good: whoever looks a code up asks the table first and this module only about what is not there.
"""

from __future__ import annotations

import hmac
from enum import StrEnum
from hashlib import sha256
from typing import Final

from assurance.codes import ALPHABET, public_code

LENGTH: Final = 20
MARK: Final = 4
WHOLE: Final = LENGTH + MARK
SHORTEST: Final = 8
"""What is shorter, or holds other characters, is no code of a badge at all."""


class Flaw(StrEnum):
    """What is wrong with a code that is in no table."""

    NONE = ""
    """It could be one of ours; we do not know it."""
    NO_CODE = "no_code"
    CUT = "cut"
    FORGED = "forged"


def new_code(key: bytes) -> str:
    """Return a random code with its mark."""
    body = public_code(LENGTH)
    return body + mark(body, key)


def mark(body: str, key: bytes) -> str:
    """Return the characters that prove that the platform made a code."""
    number = int.from_bytes(hmac.digest(key, b"wuyou-badge-code:" + body.encode(), sha256)[:8])
    characters = []
    for _ in range(MARK):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def flaw(code: str, key: bytes) -> Flaw:
    """Say what is wrong with a code that no table holds."""
    if len(code) < SHORTEST or any(character not in ALPHABET for character in code):
        return Flaw.NO_CODE
    if len(code) == WHOLE:
        return Flaw.NONE if hmac.compare_digest(mark(code[:LENGTH], key), code[LENGTH:]) else Flaw.FORGED
    return Flaw.NONE if len(code) == LENGTH else Flaw.CUT
