"""Housekeeping of the vault."""

from __future__ import annotations

from assurance.events.registry import every
from assurance.files import actions


@every(3600)
def sweep_files(**_from_newer_writers: object) -> None:
    """Take away bytes that no row needs."""
    actions.sweep()
