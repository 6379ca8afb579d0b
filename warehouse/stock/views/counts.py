"""Counts: open one, count, settle; and whether everything adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.refusals import Refused
from assurance.web.pagination import page_of
from warehouse.stock import actions, queries
from warehouse.stock.actions import Counted
from warehouse.stock.forms import CountForm, NewCountForm, ReasonsForm
from warehouse.stock.lifecycle import CountState

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.types import SignedIn


@require_http_methods(["GET", "POST"])
def counts(request: SignedIn) -> HttpResponse:
    """List the counts with how exact the last were (GET); open one in the own warehouse (POST)."""
    if request.method == "GET":
        return _counts(request, NewCountForm())
    form = NewCountForm(request.POST)
    if not form.is_valid():
        return _counts(request, form, status=422)
    place: dict[str, Any] = {"warehouse_id": request.user.organisation_id}
    try:
        made = actions.open_count(actor=request.user, at=timezone.now(), **place, **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field, str(refused))
        return _counts(request, form, status=refused.status)
    return HttpResponseRedirect(reverse("stock:count", args=[made.pk]))


@require_http_methods(["GET", "POST"])
def count(request: SignedIn, pk: int) -> HttpResponse:
    """Show a count (GET); write down what lay there (POST)."""
    found = _found(request, pk)
    if request.method == "GET":
        return _count(request, found)
    form = CountForm(request.POST, lines=found.shown_lines)
    if not form.is_valid():
        return _count(request, found, form=form, status=422)
    counted = [Counted(line_id, units) for line_id, units in form.counted().items()]
    actions.record_counts(found.pk, counted, actor=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("stock:count", args=[found.pk]))


@require_POST
def settle_count(request: SignedIn, pk: int) -> HttpResponse:
    """Post the differences with their reasons; or have them counted again (``again``), or call the count off (``cancel``)."""
    found = _found(request, pk)
    by: dict[str, Any] = {"actor": request.user, "at": timezone.now()}
    if "again" in request.POST:
        actions.count_again(found.pk, **by)
        messages.success(request, _("What differs is to be counted again."))
    elif "cancel" in request.POST:
        actions.cancel_count(found.pk, **by)
        messages.success(request, _("The count is called off."))
    else:
        form = ReasonsForm(request.POST, lines=found.shown_lines)
        if not form.is_valid():
            return _count(request, found, reasons_form=form, status=422)
        try:
            actions.post_count(found.pk, reasons=form.reasons(), **by)
        except Refused as refused:
            return _count(request, found, reasons_form=form, wrong=str(refused), status=refused.status)
        messages.success(request, _("The stock follows the count now."))
    return HttpResponseRedirect(reverse("stock:count", args=[found.pk]))


@require_GET
def reconciliation(request: SignedIn) -> HttpResponse:
    """Show that what came in is what stands there and left: per warehouse, and every difference."""
    return render(request, "warehouse/stock/reconciliation.html", {"page": queries.reconciliation(request.user)})


def _found(request: SignedIn, pk: int) -> Any:
    return get_object_or_404(queries.find_counts(request.user), pk=pk)


def _counts(request: SignedIn, form: NewCountForm, *, status: int = 200) -> HttpResponse:
    page = page_of(request, queries.find_counts(request.user))
    exact = queries.accuracy_of(request.user, at=timezone.now())
    return render(request, "warehouse/stock/count_list.html", {"page": page, "form": form, "exact": exact}, status=status)


def _count(request: SignedIn, found: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    form = more.pop("form", None) or CountForm(lines=found.shown_lines)
    reasons = more.pop("reasons_form", None) or ReasonsForm(lines=found.shown_lines)
    context: dict[str, object] = {
        "count": found,
        "rows": [(line, form[f"line_{line.pk}"], reasons[f"line_{line.pk}"]) for line in found.shown_lines],
        "shows_expected": not (found.is_blind and found.state == CountState.OPEN),
        "differs": any(line.difference for line in found.shown_lines),
    }
    return render(request, "warehouse/stock/count.html", context | more, status=status)
