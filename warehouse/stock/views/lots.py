"""Lots: where their units stand, how they came there, what stops them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assurance.refusals import Refused
from assurance.web.pagination import page_of
from warehouse.stock import actions, queries
from warehouse.stock.actions import HOLD, RECALL, Placing
from warehouse.stock.forms import FilterForm, PlaceForm, ReasonForm
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from assurance.accounts.types import SignedIn


@require_GET
def lot_list(request: SignedIn) -> HttpResponse:
    """List the lots the user may see with where their units stand."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find(request.user, **form.cleaned_data) if is_valid else Lot.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "warehouse/stock/_lot_rows.html" if only_rows else "warehouse/stock/lot_list.html"
    rows = [(lot, queries.stand_of(lot)) for lot in page.object_list]
    return render(request, template, {"page": page, "rows": rows, "form": form}, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one lot: custody, bins, receipts, inspections (a fragment of quality control), evidence."""
    return _lot(request, _found(request, pk))


@require_POST
def place(request: SignedIn, pk: int) -> HttpResponse:
    """Put units of a lot into a bin, into another, or back on the floor."""
    lot = _found(request, pk)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _lot(request, lot, place_form=form, status=422)
    try:
        actions.place([Placing(lot.pk, **form.cleaned_data)], actor=request.user, at=timezone.now())
    except Refused as refused:
        form.add_error(refused.field, str(refused))
        return _lot(request, lot, place_form=form, status=refused.status)
    messages.success(request, _("The goods stand in their new place."))
    return HttpResponseRedirect(reverse("stock:show", args=[lot.pk]))


@require_POST
def hold(request: SignedIn, pk: int) -> HttpResponse:
    """Keep a lot where it is."""
    return _with_reason(
        request,
        pk,
        lambda lot, because: actions.hold([lot.pk], because=because, actor=request.user, at=timezone.now()),
        _("The lot is on hold: nothing of it is promised, picked, packed or shipped."),
    )


@require_POST
def recall(request: SignedIn, pk: int) -> HttpResponse:
    """Stop a production lot in every warehouse."""
    return _with_reason(
        request,
        pk,
        lambda lot, because: actions.recall(lot.pk, because=because, actor=request.user, at=timezone.now()),
        _("The lot is recalled in every warehouse."),
    )


@require_POST
def let_go(request: SignedIn, pk: int) -> HttpResponse:
    """Lift a hold (``hold`` in the form) or a recall."""
    code = HOLD if "hold" in request.POST else RECALL
    return _with_reason(
        request,
        pk,
        lambda lot, reason: actions.let_go(lot.pk, code=code, reason=reason, actor=request.user, at=timezone.now()),
        _("The lot may move again."),
    )


def _with_reason(request: SignedIn, pk: int, deed: Callable[[Lot, str], object], said: str) -> HttpResponse:
    lot = _found(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _lot(request, lot, reason_form=form, status=422)
    deed(lot, form.cleaned_data["reason"])
    messages.success(request, said)
    return HttpResponseRedirect(reverse("stock:show", args=[lot.pk]))


def _found(request: SignedIn, pk: int) -> Lot:
    return get_object_or_404(queries.find(request.user), pk=pk)


def _lot(request: SignedIn, lot: Lot, *, status: int = 200, **more: object) -> HttpResponse:
    page = queries.lot_page(lot, request.user, at=timezone.now())
    context: dict[str, object] = {
        "page": page,
        "place_form": PlaceForm(initial={"reference": f"page:{secrets.token_hex(8)}"}),
        "reason_form": ReasonForm(),
        "is_held": any(stop.code == HOLD for stop in page.stops),
        "is_recalled": any(stop.code == RECALL for stop in page.stops),
    }
    return render(request, "warehouse/stock/lot.html", context | more, status=status)
