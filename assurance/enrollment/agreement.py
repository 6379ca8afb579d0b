"""The fingerprint of an agreement: whoever accepts it accepts exactly this text."""

import hashlib
from collections.abc import Mapping
from typing import Final

from assurance.evidence import canonical

SIGNED: Final = ("version", "title_zh", "title_en", "text_zh", "text_en")
"""What the fingerprint covers, in both languages."""


def fingerprint(parts: Mapping[str, str]) -> str:
    """Return the SHA-256 of the canonical JSON of everything that is agreed to."""
    return hashlib.sha256(canonical.encode({name: parts[name] for name in SIGNED})).hexdigest()


def is_same_name(typed: str, known: str) -> bool:
    """Say whether somebody typed his own name; spaces and case do not matter."""
    return bool(typed.strip()) and _plain(typed) == _plain(known)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
