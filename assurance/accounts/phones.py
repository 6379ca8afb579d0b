"""Which telephone numbers are accepted, and the one form in which they are stored: ``+8613800138000``."""

import re
import unicodedata
from typing import Final

from assurance.web.invalid import Invalid

CHINA: Final = "+86"
CHINESE_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
ABROAD: Final = re.compile(r"\+[1-9][0-9]{6,14}")
"""E.164: at most fifteen digits, the country code first."""
SEPARATORS: Final = str.maketrans("", "", " -().·\u00a0")
LONGEST: Final = 32


def phone(text: str) -> str:
    """Return the number in E.164. A number without country code is a Chinese mobile number.

    :raises Invalid: phone_format
    """
    if len(text) > LONGEST:
        raise Invalid("phone_format")
    number = unicodedata.normalize("NFKC", text).strip().translate(SEPARATORS)
    if number.startswith("00"):
        number = "+" + number[2:]
    number = number.removeprefix(CHINA)
    if CHINESE_MOBILE.fullmatch(number):
        return CHINA + number
    if number.startswith("86") and CHINESE_MOBILE.fullmatch(number[2:]):
        return "+" + number
    if ABROAD.fullmatch(number) and not number.startswith(CHINA):
        return number
    raise Invalid("phone_format")


def national(number: str) -> str:
    """Return the number as people in China write it: without +86."""
    return number.removeprefix(CHINA)
