"""Picking: the most urgent parcels, and rounds of chosen ones walked scan by scan; and parcels that are not right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from assurance.refusals import Refused
from warehouse.orders import actions, queries
from warehouse.orders.actions import Step
from warehouse.orders.forms import CodeForm, ReasonForm
from warehouse.orders.models import Parcel
from warehouse.orders.queries import waves
from warehouse.orders.views.desk import found_parcel, go, show_parcel
from warehouse.stock.gs1 import Unreadable, read

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn
    from warehouse.orders.models import Wave

WAVES_SHOWN = 12


@require_http_methods(["GET", "POST"])
def pick_list(request: SignedIn) -> HttpResponse:
    """Show what to fetch next and the rounds under way (GET); make a round of the ticked parcels, or fetch them at once (POST)."""
    if request.method == "GET":
        rounds = waves.find(request.user).under_way()[:WAVES_SHOWN]
        return render(request, "warehouse/orders/pick_list.html", {"list": waves.pick_list(request.user), "waves": rounds})
    mine = Parcel.objects.visible_to(request.user).filter(pk__in=[int(pk) for pk in request.POST.getlist("parcel") if _is_number(pk)])
    ids = list(mine.order_by("id").values_list("pk", flat=True))
    if "wave" in request.POST:
        wave = actions.plan_wave(ids, actor=request.user, at=timezone.now())
        return go(request, reverse("orders:wave", args=[wave.pk]))
    picked = actions.pick([Step(pk) for pk in ids], actor=request.user, at=timezone.now())
    said = ngettext("%(count)s parcel is picked.", "%(count)s parcels are picked.", len(picked))
    messages.success(request, said % {"count": len(picked)})
    return go(request, reverse("orders:station"))


@require_http_methods(["GET", "POST"])
def wave(request: SignedIn, pk: int) -> HttpResponse:
    """Walk one round: start it, scan what is fetched, finish it, or take it apart."""
    found = get_object_or_404(waves.find(request.user), pk=pk)
    if request.method == "GET":
        return _wave(request, found)
    deed = next((name for name in ("start", "finish", "cancel") if name in request.POST), "")
    if not deed:
        return _fetch(request, found)
    now = timezone.now()
    if deed == "start":
        actions.start_wave(wave_id=found.pk, actor=request.user, at=now)
    elif deed == "cancel":
        actions.cancel_wave(wave_id=found.pk, actor=request.user, at=now)
        messages.success(request, _("Wave %(wave)s is taken apart.") % {"wave": found.code})
        return go(request, reverse("orders:pick-list"))
    else:
        left_out = [int(one) for one in request.POST.getlist("left_out") if _is_number(one)]
        actions.finish_wave(wave_id=found.pk, left_out=left_out, actor=request.user, at=now)
        messages.success(request, _("Wave %(wave)s is fetched.") % {"wave": found.code})
        return go(request, reverse("orders:station"))
    return _wave(request, found, ok=True)


@require_POST
def unpack(request: SignedIn, pk: int) -> HttpResponse:
    """Open a parcel that is not right."""
    return _with_reason(request, pk, actions.unpack, _("Parcel %(parcel)s is open again."))


@require_POST
def give_up(request: SignedIn, pk: int) -> HttpResponse:
    """Give a parcel up; its order waits for stock again."""
    return _with_reason(request, pk, actions.cancel_parcels, _("Parcel %(parcel)s is given up. Its order waits for stock again."))


def _with_reason(request: SignedIn, pk: int, deed: object, said: str) -> HttpResponse:
    parcel = found_parcel(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show_parcel(request, parcel, form=form, status=422)
    deed([Step(parcel.pk)], reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())  # type: ignore[operator]
    messages.success(request, said % {"parcel": parcel.code})
    return go(request, reverse("orders:parcel", args=[parcel.pk]))


def _fetch(request: SignedIn, found: Wave) -> HttpResponse:
    form = CodeForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    if not code:
        return _wave(request, found)
    try:
        said = read(code)
        lot, now = said.lot_number, timezone.now()
        fetched = actions.fetch(wave_id=found.pk, code=said.code, lot_number=lot, actor=request.user, at=now)
    except Unreadable:
        return _wave(request, found, wrong=_("This code cannot be read. Scan it again."), ok=False, status=422)
    except Refused as refused:
        return _wave(request, found, wrong=str(refused), ok=False, status=refused.status)
    return _wave(request, found, fetched=fetched[0], units=sum(one.quantity for one in fetched), ok=True)


def _wave(request: SignedIn, found: Wave, *, ok: bool | None = None, status: int = 200, **more: Any) -> HttpResponse:
    shown = get_object_or_404(waves.with_stops(waves.find(request.user)), pk=found.pk)
    template = "warehouse/orders/_wave.html" if request.htmx else "warehouse/orders/wave.html"
    response = render(request, template, {"wave": shown, "round": waves.round_of(shown)} | more, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= queries.MOST_DIGITS
