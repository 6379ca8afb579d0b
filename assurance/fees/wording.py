"""Why something has no price, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

BECAUSE: Final[Mapping[str, Promise]] = {
    "no_rate": _("No rate card covers this fee on that day."),
    "no_measure": _("The operation does not say: %(what)s"),
    "no_zone": _("No delivery zone holds the province %(what)s."),
    "too_much": _("The amount is too large to be meant."),
    "bad_rate": _("The rate itself is damaged: %(what)s"),
}


def because_in_words(because: str) -> str:
    """Return the sentence of a code such as ``no_zone:81``; nothing for what was not tried yet."""
    if not because:
        return ""
    code, _colon, what = because.partition(":")
    return str(BECAUSE.get(code, code)) % {"what": what}
