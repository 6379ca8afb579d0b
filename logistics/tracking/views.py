"""Parcels on their way: the list, one waybill with its timeline, and the courier's scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import trigger_client_event

from assurance.web.pagination import page_of
from logistics.dispatch.forms import ReasonForm
from logistics.dispatch.models import Waybill
from logistics.dispatch.queries import sees_choice, told_choice
from logistics.tracking import actions, queries
from logistics.tracking.actions import Happening
from logistics.tracking.forms import EventForm, FilterForm

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def waybill_list(request: SignedIn) -> HttpResponse:
    """List the waybills of the merchant's, the warehouse's or the courier's parcels."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find(request.user, **form.cleaned_data) if is_valid else Waybill.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "logistics/tracking/_waybill_rows.html" if only_rows else "logistics/tracking/waybill_list.html"
    return render(request, template, {"page": page, "form": form}, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one waybill: what was promised, what happened, and to some why this courier was taken."""
    waybill = get_object_or_404(queries.find(request.user), pk=pk)
    context = {
        "waybill": waybill,
        "entries": queries.told(waybill),
        "legs": queries.legs_of(waybill, at=timezone.now()),
        "choice": told_choice(waybill) if sees_choice(request.user) else None,
        "reason": ReasonForm(),
    }
    return render(request, "logistics/tracking/waybill.html", context)


@require_http_methods(["GET", "POST"])
def scan(request: SignedIn) -> HttpResponse:
    """Take down what the courier scans, one parcel after the other."""
    if request.method == "GET":
        return _station(request, EventForm())
    form = EventForm(request.POST)
    if not form.is_valid():
        return _station(request, form, ok=False, status=422)
    given, now = form.cleaned_data, timezone.now()
    event = Happening(given["message"], given["status"], now, number=given["number"], reason=given["reason"], place=given["place"])
    told = actions.record_events([event], source="scan", actor=request.user, at=now)
    if told.refused:
        wrong = _("%(number)s is no parcel of yours.") % {"number": given["number"]}
        return _station(request, form, wrong=wrong, ok=False, status=422)
    done = _("%(number)s: %(status)s") % {"number": given["number"], "status": dict(form.fields["status"].choices)[given["status"]]}  # type: ignore[attr-defined]
    if not request.htmx:
        messages.success(request, done)
        return HttpResponseRedirect(reverse("tracking:scan"))
    again = EventForm(initial={name: given[name] for name in ("status", "reason", "place")})
    return _station(request, again, done=done, ok=True)


def _station(
    request: SignedIn, form: EventForm, *, wrong: str = "", done: str = "", ok: bool | None = None, status: int = 200
) -> HttpResponse:
    """Answer at the scan field. What was not taken down stays in it."""
    template = "logistics/tracking/_scan.html" if request.htmx else "logistics/tracking/scan.html"
    carries = {"message": form["message"].value()}
    context = {"form": form, "carries": carries, "kept": form["number"].value() or "", "wrong": wrong, "done": done}
    response = render(request, template, context, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})
