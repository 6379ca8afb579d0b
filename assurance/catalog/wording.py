"""Why a product cannot be chosen, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.catalog.standing import Obstacle
from assurance.sentences import retold
from assurance.templatetags.ui import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.utils.functional import Promise

    from assurance.catalog.standing import Standing

OBSTACLES: Final[Mapping[Obstacle, Promise]] = {
    Obstacle.NOT_ENROLLED: _("It does not take part at the moment."),
    Obstacle.REVOKED: _("Its badge was revoked; it may come back with a new lot."),
    Obstacle.SUSPENDED: _("Its badge is suspended."),
    Obstacle.EXPIRED: _("Its badge has expired; it comes back with a new lot."),
    Obstacle.NO_BADGE: _("It has no badge yet; it gets one with its first released lot."),
    Obstacle.NO_STOCK: _("There is no stock that can be sold; it comes back with the next released lot."),
}
TONES: Final[Mapping[Obstacle, str]] = {
    Obstacle.NONE: "pass",
    Obstacle.NOT_ENROLLED: "gone",
    Obstacle.REVOKED: "fail",
    Obstacle.SUSPENDED: "stop",
    Obstacle.EXPIRED: "gone",
    Obstacle.NO_BADGE: "wait",
    Obstacle.NO_STOCK: "hold",
}


def obstacle_in_words(standing: Standing, today: date) -> str:
    """Return why it cannot be chosen and when that may change; nothing if it can."""
    if standing.may_be_chosen:
        return ""
    said = str(OBSTACLES[standing.obstacle])
    if standing.because:
        said = gettext("%(said)s Reason: %(because)s") % {"said": said, "because": retold(standing.because)}
    if standing.until:
        said = gettext("%(said)s Until %(day)s.") % {"said": said, "day": in_words(standing.until, "long", today)}
    return said
