"""What the badge of a category does not prove, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import Promise

BY_FAMILY: Final[dict[tuple[str, ...], Sequence[Promise]]] = {
    ("food", "snack", "nut", "tea", "fresh", "fruit", "meat", "dairy", "baked", "honey", "oil", "drink"): (
        _("Not that it agrees with you: allergies and intolerances are not tested."),
        _("Nothing about how cool and dry it was kept after it left the warehouse."),
    ),
    ("cosmetic", "skin", "face", "make", "sun"): (_("Not that it works or that your skin bears it: effects are not tested."),),
    ("infant", "baby", "child", "diaper", "toy"): (
        _("Not that it suits every age: follow the age on the package, and do not leave a child alone with it."),
    ),
    ("appliance", "electr", "charger", "lamp", "light", "kitchen"): (
        _("Nothing about how long it lasts; it was not run until it failed."),
    ),
    ("textile", "knit", "underwear", "shoe", "home", "down", "cloth", "bag"): (
        _("Nothing about fit, and nothing about colours after many washes."),
    ),
}


def unproven(category: str) -> list[str]:
    """Return sentences for a category's code; nothing for one that needs none of its own."""
    return [str(sentence) for words, sentences in BY_FAMILY.items() if any(word in category for word in words) for sentence in sentences]
