"""What the log does for itself, by the clock."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import every
from assurance.evidence import actions


@every(3600)
def anchor_chains() -> None:
    """Fix how long every product's chain is."""
    actions.anchor_chains(at=timezone.now())


@every(86_400, queue="runs")
def check_log() -> None:
    """Verify the whole log once a day; home pages of those who oversee say what came out."""
    actions.check_log(at=timezone.now())
