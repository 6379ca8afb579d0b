"""Time slots: the warehouse opens them, a merchant books one for his shipment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assurance.refusals import Refused
from warehouse.inbound import actions, gate
from warehouse.inbound.forms import BookForm, SlotsForm
from warehouse.inbound.models import ShipmentNotice

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_http_methods(["GET", "POST"])
def slots(request: SignedIn) -> HttpResponse:
    """Show the coming slots with who comes, and open more."""
    if request.method == "GET":
        return _slots(request, SlotsForm())
    form = SlotsForm(request.POST)
    if not form.is_valid():
        return _slots(request, form, status=422)
    try:
        opened = actions.open_slots(actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _slots(request, form, status=refused.status)
    messages.success(request, _("%(count)s time slots are offered.") % {"count": len(opened)})
    return HttpResponseRedirect(reverse("inbound:slots"))


@require_POST
def book(request: SignedIn, pk: int) -> HttpResponse:
    """Come in a slot."""
    notice = _notice(request, pk)
    form = BookForm(request.POST, slots=gate.offered(notice, at=timezone.now()))
    if not form.is_valid():
        raise actions.NoSuchSlot(field="slot")
    actions.book_slot(notice_id=notice.pk, slot_id=form.cleaned_data["slot"], actor=request.user, at=timezone.now())
    messages.success(request, _("The time is booked."))
    return HttpResponseRedirect(reverse("inbound:show", args=[notice.pk]))


@require_POST
def give_up(request: SignedIn, pk: int) -> HttpResponse:
    """Leave the slot to others."""
    notice = _notice(request, pk)
    actions.give_up_slot(notice_id=notice.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("The time is free for others again."))
    return HttpResponseRedirect(reverse("inbound:show", args=[notice.pk]))


def _notice(request: SignedIn, pk: int) -> ShipmentNotice:
    return get_object_or_404(ShipmentNotice.objects.visible_to(request.user), pk=pk)


def _slots(request: SignedIn, form: SlotsForm, *, status: int = 200) -> HttpResponse:
    days = gate.coming(request.user, at=timezone.now())
    return render(request, "warehouse/inbound/slots.html", {"form": form, "days": days}, status=status)
