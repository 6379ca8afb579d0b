"""Sentences that the house writes into the record itself: kept in English, said again to each reader in his language.

A verdict explains itself in words that are stored beside it and never change (a clearance, a stop, an audit entry). What people
wrote stays as they wrote it.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext

PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s")
KEPT: Final[dict[str, re.Pattern[str]]] = {}
"""English sentence → what it looks like when its placeholders are filled; what says most itself stands first."""


def keep(*sentences: str) -> None:
    """Register sentences that may stand in the record; they are marked by ``gettext_noop`` where they are written."""
    for sentence in sentences:
        parts = PLACEHOLDER.split(sentence.replace("%%", "%"))
        shapes = (f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
        KEPT[sentence] = re.compile("".join(shapes))
    for sentence in sorted(KEPT, key=lambda one: len(PLACEHOLDER.sub("", one)), reverse=True):
        KEPT[sentence] = KEPT.pop(sentence)


def retold(text: str) -> str:
    """Return a sentence of the record in the language that is active now; any other text as it is."""
    for sentence, shape in KEPT.items():
        if found := shape.fullmatch(text):
            # not the operator %: a sentence without placeholders is kept unfilled, and its “80 % of” is no placeholder
            return PLACEHOLDER.sub(lambda place: found[place[1]], gettext(sentence).replace("%%", "%"))
    return text
