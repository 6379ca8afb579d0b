"""The name a file is shown under: cleaned, never used as a path."""

import re
import unicodedata
from typing import Final

from assurance.files.sniffing import EXTENSIONS

LONGEST: Final = 120
UNNAMED: Final = "file"
FORMULA: Final = "=+-@\uff1d\uff0b\uff0d\uff20"
"""A spreadsheet would run a cell that begins with one of these."""
FOR_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


def shown_name(given: str, media_type: str) -> str:
    """Return a harmless name that ends as its content demands."""
    name = "".join(_kept(character) for character in given[:4096])
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    stem = _without_extension(" ".join(name.split()), media_type).lstrip(FORMULA + ". ").rstrip(". ")
    if not stem or FOR_DEVICES.fullmatch(stem):
        stem = f"{UNNAMED}-{stem}" if stem else UNNAMED
    extension = EXTENSIONS[media_type][0]
    return stem[: LONGEST - len(extension)] + extension


def _without_extension(name: str, media_type: str) -> str:
    for extension in EXTENSIONS[media_type]:
        if name.lower().endswith(extension):
            return name[: -len(extension)]
    return name


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return ""
    return " " if character in '<>:"|?*' else character
