"""How a person's data is shown to people of other organisations. GB/T 41833-2022: one character of the name or more, six digits
of the telephone or more, and everything finer than the community of an address are hidden."""

import re
from typing import Final

from assurance.accounts.phones import national

STAR: Final = "*"
MOST_STARS: Final = 3
"""The length of a long name says something too."""
HIDDEN_DIGITS: Final = 6
COMMUNITY: Final = re.compile("小区|社区|花园|公寓|新村|大厦|广场|苑|路|街|道|巷|弄|村|镇|乡|区|县|市")
"""What a name of a place ends with, down to the community; what follows the last of them is building, unit and room."""


def masked_name(name: str) -> str:
    """Return ``张**`` for 张小明, ``张*`` for 张三, ``A***`` for Amal."""
    name = name.strip()
    if not name:
        return ""
    return name[0] + STAR * min(max(len(name) - 1, 1), MOST_STARS)


def masked_phone(number: str) -> str:
    """Return ``138******78``; a shorter number shows what is left when six digits are hidden."""
    shown = national(number)
    room = max(len(shown) - HIDDEN_DIGITS, 0)
    tail = min(2, room // 2)
    head = min(3, room - tail)
    return shown[:head] + STAR * (len(shown) - head - tail) + (shown[-tail:] if tail else "")


def masked_email(address: str) -> str:
    """Return ``a***@hejian.example``: the organisation is known anyway, the person is not."""
    name, at, host = address.partition("@")
    return name[:1] + STAR * MOST_STARS + at + host if at else STAR * MOST_STARS


def masked_address(address: str) -> str:
    """Return the address down to the community or street; building, unit and room become ``***``."""
    ends = [found.end() for found in COMMUNITY.finditer(address)]
    return address[: max(ends, default=0)] + STAR * MOST_STARS
