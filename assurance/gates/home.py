"""What home pages show of stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext

from assurance.gates.models import Stop
from assurance.home import Panel, offers_panel
from assurance.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

SHOWN: Final = 5


@offers_panel((Role.PLATFORM_ADMIN,), place=20, columns=7)
@offers_panel((Role.AUDITOR,), place=30, columns=7)
def stops(user: User, *, at: datetime) -> Panel:
    """Show which stops are in force, the newest first. One query."""
    found = Stop.objects.visible_to(user).open(at).select_related("merchant", "warehouse").order_by("-opened_at", "-id")
    return Panel(gettext("Stops in force"), "gates/_home_stops.html", list(found[:SHOWN]))
