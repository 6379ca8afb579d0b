"""For administrators and auditors: jobs that gave up, and the trail of every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assurance.events import actions, queries
from assurance.events.forms import RestartForm
from assurance.events.models import Job
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """List what waits, works and gave up."""
    page = page_of(request, Job.objects.visible_to(request.user).parked().order_by("-id"))
    template = "events/_job_rows.html" if request.htmx else "events/job_list.html"
    return render(request, template, {"page": page, "counts": queries.job_counts(at=timezone.now())})


@require_http_methods(["GET", "POST"])
def restart(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a parked job new attempts."""
    parked = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    form = RestartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.restart_job(job_id=parked.pk, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        return HttpResponseRedirect(reverse("events:jobs"))
    status = 422 if form.is_bound else 200
    return render(request, "events/job_restart.html", {"job": parked, "form": form}, status=status)


@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """List every change that the reader may know of, newest first."""
    page = page_of(request, queries.trail(request.user), size=50)
    context = {"page": page, "entries": queries.trail_entries(list(page.object_list), seen_by=request.user)}
    return render(request, "events/_trail_rows.html" if request.htmx else "events/trail.html", context)
