"""What certificates are called and what is wrong with them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assurance.certificates.numbers import FIRST_YEAR
from assurance.sentences import keep

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from assurance.certificates.numbers import Flaw

FLAWS: Final[Mapping[str, Promise]] = {
    "not_a_digit": _("“%(text)s” at place %(place)s is not a digit."),
    "wrong_length": _("%(expected)s digits are expected, %(count)s were given."),
    "year_out_of_range": _("“%(text)s” at place %(place)s cannot be the year."),
    "class_differs": _("The class %(text)s at place %(place)s is not the one of the product's category."),
    "unknown_food_class": _("There is no class of food %(text)s."),
    "unknown_province": _("There is no province %(text)s."),
    "check_digit": _("The last digit does not fit the others. Compare it with the certificate."),
    "pattern": _("A number of this kind looks different: %(example)s."),
}
PARTS: Final[Mapping[str, Promise]] = {
    "year": pgettext_lazy("certificate number", "year"),
    "body": pgettext_lazy("certificate number", "certification body"),
    "class": pgettext_lazy("certificate number", "product class"),
    "serial": pgettext_lazy("certificate number", "serial number"),
    "food_class": pgettext_lazy("certificate number", "class of food"),
    "province": pgettext_lazy("certificate number", "province"),
    "city": pgettext_lazy("certificate number", "city"),
    "county": pgettext_lazy("certificate number", "county"),
    "check": pgettext_lazy("certificate number", "check digit"),
    "series": pgettext_lazy("certificate number", "series"),
    "office": pgettext_lazy("certificate number", "customs office"),
    "direction": pgettext_lazy("certificate number", "import or export"),
}
LENGTHS: Final = {"ccc": 16, "sc": 14}
EXAMPLES: Final[Mapping[str, str]] = {
    "ccc": "2016010901123456",
    "sc": "SC10633010900013",
    "cosmetics_filing": "浙G妆网备字2026000123",
    "health_food": "国食健注G20200001",
    "customs": "310120261123456789",
}
LAPSED: Final = gettext_noop("certificate %(number)s no longer holds")
"""Why a stop stands on a product whose certificate ended or was taken away."""
PROVEN_AGAIN: Final = gettext_noop("a valid certificate is attached")
"""Why that stop is lifted."""
LOST_CONFLICT: Final = gettext_noop("the platform decided that this certificate belongs to another merchant")
"""Why a certificate was refused or taken away after a conflict was decided."""
keep(LAPSED, PROVEN_AGAIN, LOST_CONFLICT)

FINDINGS: Final[Mapping[str, Promise]] = {
    "certificate_missing": _("Attach this certificate."),
    "certificate_unverified": _("It waits for verification."),
    "certificate_lapsed": _("It no longer holds. Attach a valid one."),
    "certificate_contested": _("Another merchant shows the same number or file. The platform decides first."),
    "other_holder": _("It belongs to %(holder)s. Attach an authorisation by this holder, or wait for the reviewer's decision."),
}
"""What keeps a product from being enrolled, by code."""


def flaw_in_words(kind: str, key: str, flaw: Flaw) -> str:
    """Return one flaw of a number in the language that is active now."""
    told = {
        "text": key[flaw.start : flaw.end],
        "place": flaw.start + 1,
        "count": flaw.end - flaw.start,
        "expected": LENGTHS.get(kind, 0),
        "first": FIRST_YEAR,
        "example": EXAMPLES.get(kind, gettext("4 to 60 letters and digits")),
    }
    return str(FLAWS[flaw.code]) % told
