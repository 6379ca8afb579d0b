"""Whose certificate it is: names compared as registers write them, and who may use another's."""

import unicodedata
from typing import Final

PLAIN: Final = str.maketrans("", "", " \t·.,，。()（）[]【】-—'\"")


def is_same(one: str, other: str) -> bool:
    """Say whether two names of organisations are the same but for width, case, spaces and brackets."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().translate(PLAIN)
