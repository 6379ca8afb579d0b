"""What home pages show of the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from assurance.evidence.queries import last_check, newest_checkpoint_and_size
from assurance.home import Panel, offers_panel
from assurance.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.evidence.models import Checkpoint
    from assurance.evidence.queries import Check


@dataclass(frozen=True)
class Log:
    """How long the log is, and its newest signed head."""

    size: int
    checkpoint: Checkpoint | None
    check: Check | None

    @property
    def unsigned(self) -> int:
        """How many entries came after the newest signature."""
        return self.size - (self.checkpoint.size if self.checkpoint else 0)

    @property
    def root(self) -> str:
        return bytes(self.checkpoint.root).hex() if self.checkpoint else ""


@offers_panel((Role.AUDITOR,), place=10, columns=4)
@offers_panel((Role.PLATFORM_ADMIN,), place=50, columns=4)
def log(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show the log's size, its last signature and its last check. Two queries."""
    newest, size = newest_checkpoint_and_size()
    shown = Log(size, newest, last_check())
    return Panel(gettext("The log"), "evidence/_home_log.html", shown, url=reverse("evidence:log"), more=gettext("Public log"))
