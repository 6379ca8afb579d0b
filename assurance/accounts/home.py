"""What home pages show of who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext

from assurance.accounts.models import Organisation
from assurance.home import Panel, offers_panel
from assurance.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

SHOWN: Final = 5


@offers_panel((Role.PLATFORM_ADMIN,), place=30, columns=5)
@offers_panel((Role.AUDITOR,), place=40, columns=5)
def organisations(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show who came last. One query."""
    return Panel(
        title=gettext("Newest organisations"),
        template="accounts/_home_organisations.html",
        shown=list(Organisation.objects.visible_to(user).order_by("-id")[:SHOWN]),
        url=reverse("accounts:organisations"),
        more=gettext("All organisations"),
    )
