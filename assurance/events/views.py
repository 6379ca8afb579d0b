"""For administrators and auditors: jobs that gave up, and the trail of every change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assurance.events import actions, queries
from assurance.events.forms import RestartForm, TrailForm
from assurance.events.models import Job
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn

PAGE: Final = 50


@require_GET
def job_list(request: SignedIn) -> HttpResponse:
    """List what waits, works and gave up."""
    page = page_of(request, Job.objects.visible_to(request.user).parked().order_by("-id"))
    template = "events/_job_rows.html" if request.htmx else "events/job_list.html"
    return render(request, template, {"page": page, "counts": queries.job_counts(at=timezone.now())})


@require_http_methods(["GET", "POST"])
def restart(request: SignedIn, pk: int) -> HttpResponse:
    """Give a parked job new attempts."""
    parked = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    form = RestartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.restart_job(job_id=parked.pk, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        return HttpResponseRedirect(reverse("events:jobs"))
    status = 422 if form.is_bound else 200
    return render(request, "events/job_restart.html", {"job": parked, "form": form}, status=status)


@require_GET
def trail(request: SignedIn) -> HttpResponse:
    """List every change that the reader may know of, newest first, narrowed as asked."""
    form = TrailForm(request.GET)
    given = form.narrowed()
    events = list(queries.trail(request.user, **given)[: PAGE + 1])
    entries = queries.trail_entries(events[:PAGE], seen_by=request.user)
    context = {"entries": entries, "form": form, "given": given, "more": events[PAGE - 1].pk if len(events) > PAGE else None}
    return render(request, "events/_trail_rows.html" if request.htmx else "events/trail.html", context)
