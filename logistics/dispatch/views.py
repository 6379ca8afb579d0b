"""The dispatch desk, the label, and the hand-over station at the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from assurance.refusals import Refused
from assurance.web.pagination import page_of
from logistics.dispatch import actions, queries
from logistics.dispatch.actions import Booking, Handing
from logistics.dispatch.forms import MOST_AT_ONCE, BookForm, DeskForm, ReasonForm, ScanForm
from logistics.dispatch.models import Waybill
from qc.checks.actions import draw_parcels
from warehouse.orders.actions import NotChecked, check_passed
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def desk(request: SignedIn) -> HttpResponse:
    """List the parcels that are packed and have not left."""
    form = DeskForm(request.GET)
    is_valid = form.is_valid()
    step = form.cleaned_data["step"] if is_valid else ""
    page = page_of(request, queries.on_the_desk(request.user, step=step))
    context = {
        "page": page,
        "rows": queries.with_waybills(page.object_list),
        "form": form,
        "booking": BookForm(parcels=[]),
        "step": step,
    }
    template = "logistics/dispatch/_desk_rows.html" if request.htmx else "logistics/dispatch/desk.html"
    return render(request, template, context, status=200 if is_valid else 400)


@require_POST
def book(request: SignedIn) -> HttpResponse:
    """Choose a courier for the ticked parcels."""
    ticked = [
        int(pk) for pk in request.POST.getlist("parcels")[:MOST_AT_ONCE] if pk.isascii() and pk.isdigit() and len(pk) <= queries.MOST_DIGITS
    ]
    known = list(queries.on_the_desk(request.user).filter(pk__in=ticked).values_list("pk", flat=True))
    form = BookForm(request.POST, parcels=known)
    if not form.is_valid():
        messages.error(request, _("Tick the parcels and choose a rule."))
        return _go(request, reverse("dispatch:desk"))
    made = actions.choose_and_book(form.bookings(), actor=request.user, at=timezone.now())
    said = ngettext("%(n)s parcel has its waybill.", "%(n)s parcels have their waybills.", len(made)) % {"n": f"{len(made):,}"}
    messages.success(request, said)
    return _go(request, reverse("dispatch:desk"))


@require_POST
def label(request: SignedIn, pk: int) -> HttpResponse:
    """Show a label for printing, with the recipient in clear; it is in the trail."""
    waybill = get_object_or_404(Waybill.objects.visible_to(request.user), pk=pk)
    printed = actions.print_label(waybill_id=waybill.pk, actor=request.user, at=timezone.now())
    response = render(request, "logistics/dispatch/label.html", {"printed": printed})
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def print_now(request: SignedIn, pk: int) -> HttpResponse:
    """Draw the label of a parcel that was just packed, to be printed at once: the waybill it has, or the cheapest one.

    The scale asks for every parcel it ``weighed``: one that is drawn for a check has no label yet, and nothing is wrong with that.
    """
    parcel = get_object_or_404(Parcel.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    draw_parcels([parcel.pk], at=now)
    try:
        check_passed(parcel_id=parcel.pk)
        waybill = actions.choose_and_book([Booking(parcel.pk)], actor=request.user, at=now)[0]
        printed = actions.print_label(waybill_id=waybill.pk, actor=request.user, at=now)
    except Refused as refused:
        if isinstance(refused, NotChecked) and "weighed" in request.POST:
            return render(request, "logistics/dispatch/_to_the_check.html")
        return render(request, "logistics/dispatch/_no_label.html", {"refused": refused}, status=refused.status)
    response = render(request, "logistics/dispatch/_label.html", {"printed": printed})
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Call a waybill off before hand-over."""
    waybill = get_object_or_404(Waybill.objects.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why."))
        return _go(request, reverse("tracking:show", args=[waybill.pk]))
    actions.cancel_waybills([waybill.pk], reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    messages.success(request, _("Waybill %(waybill)s is called off.") % {"waybill": waybill.code})
    return _go(request, reverse("dispatch:desk"))


@require_http_methods(["GET", "POST"])
def hand_over(request: SignedIn) -> HttpResponse:
    """Hand parcels over one scan after the other."""
    if request.method == "GET":
        return _station(request, {})
    form = ScanForm(request.POST)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    parcel = queries.scanned(request.user, code) if code else None
    if parcel is None:
        wrong = _("%(code)s is no parcel of this warehouse.") % {"code": code or "–"}
        return _station(request, {"wrong": wrong}, ok=False, status=422)
    try:
        handed = actions.hand_over([Handing(parcel.pk)], actor=request.user, at=timezone.now())[0]
    except Refused as refused:
        return _station(request, {"wrong": str(refused)}, ok=False, status=refused.status)
    if not request.htmx:
        messages.success(request, _("Parcel %(parcel)s has left.") % {"parcel": parcel.code})
        return HttpResponseRedirect(reverse("dispatch:hand-over"))
    return _station(request, {"handed": handed}, ok=True)


def _station(request: SignedIn, context: dict[str, object], *, ok: bool | None = None, status: int = 200) -> HttpResponse:
    """Answer at the gate; what was scanned right or wrong is heard too."""
    shown = context | {"last": queries.last_handed_over(request.user), "waiting": queries.waiting(request.user)}
    template = "logistics/dispatch/_station.html" if request.htmx else "logistics/dispatch/station.html"
    response = render(request, template, shown, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})


def _go(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
