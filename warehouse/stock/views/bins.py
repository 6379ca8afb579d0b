"""Bins of a warehouse and what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assurance.web.pagination import page_of
from warehouse.stock import actions, queries
from warehouse.stock.actions import NewBin
from warehouse.stock.forms import BinFilterForm, NewBinForm
from warehouse.stock.models import Bin

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.types import SignedIn


@require_http_methods(["GET", "POST"])
def bin_list(request: SignedIn) -> HttpResponse:
    """List bins with what stands in them (GET); label a new one in the own warehouse (POST)."""
    if request.method == "GET":
        return _bins(request, NewBinForm())
    form = NewBinForm(request.POST)
    if not form.is_valid():
        return _bins(request, form, status=422)
    made = actions.add_bins([NewBin(**form.cleaned_data)], warehouse_id=request.user.organisation_id, actor=request.user, at=timezone.now())
    messages.success(request, _("Bin %(bin)s is labelled.") % {"bin": made[0].code})
    return HttpResponseRedirect(reverse("stock:bins"))


def _bins(request: SignedIn, new_form: NewBinForm, *, status: int = 200) -> HttpResponse:
    form = BinFilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find_bins(request.user, **form.cleaned_data) if is_valid else Bin.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "warehouse/stock/_bin_rows.html" if only_rows else "warehouse/stock/bin_list.html"
    context = {"page": page, "form": form, "new_form": new_form}
    return render(request, template, context, status=status if is_valid else 400)
