"""Long work: how far it is, and a way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assurance.runs import actions, queries
from assurance.runs.models import Run
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def run_list(request: SignedIn) -> HttpResponse:
    """List the imports and exports of the reader's organisation."""
    page = page_of(request, Run.objects.visible_to(request.user).select_related("started_by").order_by("-id"))
    for run in page.object_list:
        run.title = queries.title(run)
    template = "runs/_run_rows.html" if request.htmx else "runs/run_list.html"
    return render(request, template, {"page": page})


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one run."""
    run = get_object_or_404(Run.objects.visible_to(request.user).select_related("started_by"), pk=pk)
    return render(request, "runs/run.html", {"run": run, "progress": queries.progress(run, user=request.user, at=timezone.now())})


@require_GET
def progress(request: SignedIn, pk: int) -> HttpResponse:
    """Return only the bar; it asks for itself until the run ends."""
    run = get_object_or_404(Run.objects.visible_to(request.user), pk=pk)
    return render(request, "ui/_progress.html", {"run": queries.progress(run, user=request.user, at=timezone.now())})


@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Stop before the next batch."""
    run = get_object_or_404(Run.objects.visible_to(request.user), pk=pk)
    run = actions.cancel_run(run_id=run.pk, actor=request.user, at=timezone.now())
    if request.htmx:
        return render(request, "ui/_progress.html", {"run": queries.progress(run, user=request.user, at=timezone.now())})
    return HttpResponseRedirect(reverse("runs:show", args=[run.pk]))
