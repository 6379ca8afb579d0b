"""What arrived otherwise than announced: the list, one of them, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from assurance.refusals import Refused
from assurance.web.pagination import page_of
from warehouse.inbound import actions, aside
from warehouse.inbound.forms import DiscrepancyFilterForm, HandOverForm, ReportForm, SettleForm
from warehouse.inbound.models import Discrepancy, ShipmentNotice

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def discrepancy_list(request: SignedIn) -> HttpResponse:
    """List what arrived otherwise than announced, the open ones unless all are asked for."""
    form = DiscrepancyFilterForm(request.GET)
    is_valid = form.is_valid()
    scope = (form.cleaned_data.get("scope") if is_valid else "") or "open"
    q = form.cleaned_data.get("q", "") if is_valid else ""
    page = page_of(request, aside.find(request.user, scope=scope, q=q) if is_valid else Discrepancy.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "warehouse/inbound/_discrepancy_rows.html" if only_rows else "warehouse/inbound/discrepancy_list.html"
    context = {"page": page, "form": form, "scope": scope, "scopes": aside.SCOPES}
    return render(request, template, context, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one discrepancy with what may become of it."""
    return _show(request, _found(request, pk))


@require_POST
def settle(request: SignedIn, pk: int) -> HttpResponse:
    """Say what became of it."""
    found = _found(request, pk)
    form = SettleForm(request.POST, ways=aside.ways(found, request.user))
    if not form.is_valid():
        return _show(request, found, settle_form=form, status=422)
    try:
        actions.settle(discrepancy_id=found.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _show(request, found, settle_form=form, status=refused.status)
    messages.success(request, _("%(discrepancy)s is settled.") % {"discrepancy": found.code})
    return _go(request, found)


@require_POST
def hand_over(request: SignedIn, pk: int) -> HttpResponse:
    """Let somebody else take care of it."""
    found = _found(request, pk)
    form = HandOverForm(request.POST, people=aside.takers(found))
    if not form.is_valid():
        return _show(request, found, owner_form=form, status=422)
    actions.hand_over(discrepancy_id=found.pk, owner_id=form.cleaned_data["owner"], actor=request.user, at=timezone.now())
    messages.success(request, _("%(discrepancy)s is handed over.") % {"discrepancy": found.code})
    return _go(request, found)


@require_POST
def report(request: SignedIn, pk: int) -> HttpResponse:
    """Record damaged goods, or goods that nobody announced, from the receiving desk."""
    notice = get_object_or_404(ShipmentNotice.objects.visible_to(request.user), pk=pk)
    form = ReportForm(request.POST)
    back = reverse("inbound:receive", args=[notice.pk])
    if not form.is_valid():
        messages.error(request, _("Name the goods and count the units. Nothing was recorded."))
        return trigger_client_event(_to(request, back), "scanned", {"ok": False})
    found = actions.report(notice_id=notice.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("%(discrepancy)s is recorded. Put the goods aside.") % {"discrepancy": found.code})
    return _to(request, back)


def _found(request: SignedIn, pk: int) -> Discrepancy:
    return get_object_or_404(aside.find(request.user, scope="all"), pk=pk)


def _show(
    request: SignedIn,
    found: Discrepancy,
    *,
    settle_form: SettleForm | None = None,
    owner_form: HandOverForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "found": found,
        "receipts": aside.receipts_under(found),
        "form": settle_form or SettleForm(ways=aside.ways(found, request.user)),
        "owner_form": owner_form or HandOverForm(people=aside.takers(found), initial={"owner": found.owner_id}),
    }
    return render(request, "warehouse/inbound/discrepancy.html", context, status=status)


def _go(request: SignedIn, found: Discrepancy) -> HttpResponse:
    return _to(request, reverse("inbound:discrepancy", args=[found.pk]))


def _to(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
