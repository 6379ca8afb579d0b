"""Lots: where their units stand, and how they came there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assurance.web.pagination import page_of
from warehouse.stock import queries
from warehouse.stock.forms import FilterForm
from warehouse.stock.models import Lot

if TYPE_CHECKING:
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
    """Show one lot: custody, receipts, inspections (a fragment of quality control), evidence."""
    lot = get_object_or_404(queries.find(request.user), pk=pk)
    return render(request, "warehouse/stock/lot.html", {"page": queries.lot_page(lot, request.user, at=timezone.now())})
