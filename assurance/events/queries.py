"""What pages ask about events and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.events.models import Heartbeat

if TYPE_CHECKING:
    from datetime import datetime, timedelta

PROCESSES = ("relay", "worker")


def silent_processes(*, at: datetime, after: timedelta) -> list[str]:
    """Return the background processes that have not shown themselves for so long."""
    alive = set(Heartbeat.objects.filter(at__gt=at - after).values_list("process", flat=True))
    return [name for name in PROCESSES if name not in alive]
