"""What home pages show of badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from assurance.badges.models import Badge
from assurance.badges.queries import judge_all
from assurance.home import Panel, offers_panel
from assurance.roles import MERCHANT

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

SHOWN = 4


@offers_panel(MERCHANT, place=10, columns=4)
def badges(user: User, *, at: datetime) -> Panel:
    """Show a merchant's badges, those that need him first. Two queries."""
    found = Badge.objects.visible_to(user).select_related("product", "enrolment").by_concern(at)[:SHOWN]
    return Panel(
        title=gettext("Badges"),
        template="badges/_home_badges.html",
        shown=judge_all(list(found), at=at),
        url=reverse("badges:list"),
        more=gettext("All badges"),
    )
