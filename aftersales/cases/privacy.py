"""What a buyer writes is kept for ever, so telephone numbers and card numbers in it are hidden before it is kept."""

import re
from typing import Final

MOBILE: Final = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
IDENTITY: Final = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{9}[0-9Xx](?![0-9A-Za-z])")
MAIL: Final = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")


def without_persons(text: str) -> str:
    """Return the text with mobile numbers, identity numbers and e-mail addresses hidden: ``138******78``, ``***@example.com``."""
    hidden = IDENTITY.sub("***", text)
    hidden = MOBILE.sub(lambda found: f"{found[1]}******{found[3][2:]}", hidden)
    return MAIL.sub(r"***@\1", hidden)


def tail_of(phone: str) -> str:
    """Return the last four digits of a telephone number, or nothing if it has fewer."""
    digits = re.sub(r"\D", "", phone)
    return digits[-4:] if len(digits) >= 4 else ""
