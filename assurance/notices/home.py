"""What home pages show of notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext

from assurance.home import LATER, Panel, offers_panel
from assurance.notices.models import Notice
from assurance.notices.wording import told

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

SHOWN: Final = 4


@offers_panel(LATER, place=10, columns=4)
def newest(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show the newest notices to those who have no work here yet. One query."""
    found = Notice.objects.visible_to(user).order_by("-id")[:SHOWN]
    return Panel(
        title=gettext("Notices"),
        template="notices/_home_notices.html",
        shown=[told(notice) for notice in found],
        url=reverse("notices:list"),
        more=gettext("All notices"),
    )
