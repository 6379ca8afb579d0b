"""What the digits of a GTIN say while somebody types them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from stdnum import ean

from assurance.products.completeness import GTIN_LENGTHS, is_gtin

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

OFFICES: Final[tuple[tuple[int, int, _StrPromise], ...]] = (
    (200, 299, _("numbers inside a shop, not for trade")),
    (300, 379, _("France")),
    (400, 440, _("Germany")),
    (450, 459, _("Japan")),
    (460, 469, _("Russia")),
    (471, 471, _("Taiwan, China")),
    (489, 489, _("Hong Kong, China")),
    (490, 499, _("Japan")),
    (500, 509, _("United Kingdom")),
    (540, 549, _("Belgium and Luxembourg")),
    (690, 699, _("China")),
    (729, 729, _("Israel")),
    (730, 739, _("Sweden")),
    (750, 750, _("Mexico")),
    (754, 755, _("Canada")),
    (760, 769, _("Switzerland")),
    (789, 790, _("Brazil")),
    (800, 839, _("Italy")),
    (840, 849, _("Spain")),
    (870, 879, _("Netherlands")),
    (880, 881, _("South Korea")),
    (885, 885, _("Thailand")),
    (888, 888, _("Singapore")),
    (890, 890, _("India")),
    (893, 893, _("Vietnam")),
    (900, 919, _("Austria")),
    (930, 939, _("Australia")),
    (940, 949, _("New Zealand")),
    (955, 955, _("Malaysia")),
    (958, 958, _("Macao, China")),
    (977, 979, _("periodicals and books")),
)
"""Which GS1 office gives out the first three digits (GS1 company prefixes); it says nothing of where goods are made. The common ones."""
UNITED_STATES: Final = ((0, 19), (30, 39), (60, 139))


@dataclass(frozen=True)
class Seen:
    """What can be said of some digits."""

    digits: str
    is_right: bool
    lacks: int
    """How many digits more the next length needs."""
    expected: str
    """The check digit that would fit, where the length does."""
    office: str


def seen(digits: str) -> Seen:
    """Return what can be said of what was typed so far."""
    plain = digits if digits.isascii() and digits.isdigit() and len(digits) <= max(GTIN_LENGTHS) else ""
    fits = len(plain) in GTIN_LENGTHS
    longer = [length for length in GTIN_LENGTHS if length > len(plain)]
    return Seen(
        digits=plain,
        is_right=is_gtin(plain),
        lacks=0 if fits or not plain or not longer else longer[0] - len(plain),
        expected=ean.calc_check_digit(plain[:-1]) if fits else "",
        office=office(plain),
    )


def office(digits: str) -> str:
    """Return whose GS1 office gave the number out, or nothing if the table does not know it."""
    whole = digits.zfill(13)[-13:] if len(digits) in (12, 13, 14) else ""
    if not whole:
        return ""
    prefix = int(whole[:3])
    if any(first <= prefix <= last for first, last in UNITED_STATES):
        return str(_("United States and Canada"))
    return next((str(name) for first, last, name in OFFICES if first <= prefix <= last), "")
