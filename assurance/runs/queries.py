"""How a run is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from assurance.files.models import StoredFile
from assurance.runs.kinds import KINDS

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.runs.models import Run


@dataclass(frozen=True)
class Progress:
    """What the progress bar needs (templates/ui/_progress.html)."""

    pk: int
    label: str
    done: int
    total: int
    errors: int
    is_open: bool
    ends_in: int | None
    url: str
    cancel_url: str
    errors_url: str
    result_url: str


def title(run: Run) -> str:
    """Return what a kind of run is called; one whose code has gone keeps its name."""
    return str(KINDS[run.kind].title) if run.kind in KINDS else run.kind


def seconds_left(run: Run, *, at: datetime) -> int | None:
    """Return how long it will take at the pace so far, or None while nobody can say."""
    if not (run.is_open and run.started_at and run.done and run.total):
        return None
    pace = (at - run.started_at).total_seconds() / run.done
    return round(pace * (run.total - run.done))


def progress(run: Run, *, user: User, at: datetime) -> Progress:
    """Return a run as its progress bar shows it; the result only to whoever may open it."""
    may_open = run.result_id and StoredFile.objects.visible_to(user).filter(pk=run.result_id).exists()
    result = reverse("files:show", args=[run.result_id]) if may_open else ""
    return Progress(
        pk=run.pk,
        label=title(run),
        done=run.done,
        total=run.total or run.done,
        errors=run.errors,
        is_open=run.is_open,
        ends_in=seconds_left(run, at=at),
        url=reverse("runs:progress", args=[run.pk]),
        cancel_url=reverse("runs:cancel", args=[run.pk]) if run.is_open and not run.cancel_asked_at else "",
        errors_url=result if run.errors else "",
        result_url="" if run.errors else result,
    )
