"""What must be swept on the floors below, which know of no schedule."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.registry import every
from assurance.web.actions import sweep_idempotency_keys


@every(3600)
def sweep_kept_answers(**_from_newer_writers: object) -> None:
    """Forget answers to keyed requests after seven days."""
    sweep_idempotency_keys(at=timezone.now())
