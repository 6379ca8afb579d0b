"""The worker's side of product files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.events.registry import job
from assurance.imports import actions
from assurance.runs.kinds import run_kind

if TYPE_CHECKING:
    from assurance.runs.kinds import Batch
    from assurance.runs.models import Run


@run_kind("products_check", title=_("Check of a product file"), finish=actions.file_of)
def check(run: Run) -> Batch:
    """Check the next rows."""
    return actions.check_batch(run)


@run_kind("products_import", title=_("Product import"), finish=actions.file_of)
def bring_in(run: Run) -> Batch:
    """Import the next rows."""
    return actions.import_batch(run)


@job("runs.run.cancelled")
def note_cancelled(*, run_id: int, **_from_newer_writers: object) -> None:
    """A file whose run was cancelled stands still."""
    actions.stop(run_id=run_id, at=timezone.now())


@job("runs.run.failed")
def note_failed(*, run_id: int, **_from_newer_writers: object) -> None:
    """A file whose run failed stands still."""
    actions.stop(run_id=run_id, at=timezone.now())
