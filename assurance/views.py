"""The house's own pages: the front door, its health, the language switch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from assurance.events import queries as events

if TYPE_CHECKING:
    from django.http import HttpRequest

SILENT_AFTER = timedelta(seconds=60)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Answer "what should I do next" for whoever asks."""
    return render(request, "home.html")


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Say whether this process serves and since when background work is silent; ``degraded`` is no reason to restart the web."""
    silent = events.silent_processes(at=timezone.now(), after=SILENT_AFTER)
    return JsonResponse({"status": "degraded" if silent else "ok", "silent": silent})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language, for a person in the account, for a visitor in a cookie; go back to where he was."""
    from django.views.i18n import set_language as django_set_language

    response = django_set_language(request)
    return response if response else HttpResponseRedirect(reverse("home"))
