"""The house's own pages: the front door, its health, the language switch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from assurance.accounts.actions import preferences
from assurance.accounts.models import LANGUAGES, User
from assurance.badges.forms import CodeForm
from assurance.events import queries as events
from assurance.guide import PAGES, guide_context
from assurance.home import home_of
from assurance.web.frames import framed, is_somebody

if TYPE_CHECKING:
    from django.http import HttpRequest

SILENT_AFTER = timedelta(seconds=60)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Answer "what should I do next" for whoever asks; a visitor may verify a badge or sign in."""
    if not request.user.is_authenticated:
        return framed(request, "welcome.html", {}, same=_asking)
    return render(request, "home.html", home_of(request.user, at=timezone.now()))


def _asking() -> dict[str, CodeForm]:
    return {"form": CodeForm()}


@require_GET
def guide(request: HttpRequest, page: str) -> HttpResponse:
    """Show the parts of pages with samples, to those who build them; a real system has no such page."""
    if settings.PRODUCTION or page not in PAGES:
        raise Http404
    return render(request, f"ui/guide/{page}.html", guide_context(page))


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Say whether this process serves and since when background work is silent; ``degraded`` is no reason to restart the web."""
    silent = events.silent_processes(at=timezone.now(), after=SILENT_AFTER)
    return JsonResponse({"status": "degraded" if silent else "ok", "silent": silent})


@csrf_exempt
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language, for a person in the account, for a visitor in a cookie; go back to where he was.

    A visitor needs no token: public pages set no cookie of their own for one, and a forged switch could only change a language.
    """
    return csrf_protect(_set_language)(request) if is_somebody(request) else _set_language(request)


def _set_language(request: HttpRequest) -> HttpResponse:
    from django.views.i18n import set_language as django_set_language

    response = django_set_language(request)
    language = request.POST.get("language")
    if isinstance(request.user, User) and language in dict(LANGUAGES):
        preferences.change_me(actor=request.user, at=timezone.now(), language=language)
    return response or HttpResponseRedirect(reverse("home"))
