"""The replay's page: which folder lies on the server, how far a run is, and what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assurance.runs import actions as runs
from assurance.runs import queries as run_queries
from assurance.runs.models import Run
from demo.replay.folder import FILES
from demo.replay.presenting import shown
from demo.replay.refusing import NothingThere, ReplayRuns
from demo.replay.report import report
from demo.replay.tasks import KIND

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.types import SignedIn


@require_GET
def show(request: SignedIn) -> HttpResponse:
    """Show the last run and the report, counted now from the platform's tables."""
    last = Run.objects.visible_to(request.user).filter(kind=KIND).order_by("-id").first()
    found = report()
    context = {
        "folder": settings.REPLAY_DIR,
        "files": [(name, (settings.REPLAY_DIR / name).is_file()) for name in FILES],
        "run": run_queries.progress(last, user=request.user, at=timezone.now()) if last else None,
        "is_open": bool(last and last.is_open),
        "report": shown(found) if found["orders"] else None,
    }
    return render(request, "demo/replay/show.html", context)


@require_POST
def start(request: SignedIn) -> HttpResponse:
    """Begin a run over the folder that the server's settings name."""
    if Run.objects.visible_to(request.user).filter(kind=KIND, ended_at=None).exists():
        raise ReplayRuns
    from demo.replay.running import read_from, total_of  # every floor: only who replays needs them

    folder = read_from(settings.REPLAY_DIR)
    if not folder.orders:
        raise NothingThere(folder=settings.REPLAY_DIR)
    run = runs.start_run(
        KIND,
        actor=request.user,
        at=timezone.now(),
        total=total_of(folder),
        folder=str(settings.REPLAY_DIR),
        digest=folder.digest,
    )
    return HttpResponseRedirect(reverse("runs:show", args=[run.pk]))
