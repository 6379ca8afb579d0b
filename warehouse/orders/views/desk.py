"""Orders and parcels as merchants and the platform look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from assurance.roles import Permission, can
from assurance.web.pagination import page_of
from warehouse.orders import actions, queries
from warehouse.orders.actions import Step
from warehouse.orders.forms import AcceptWeightForm, OrderFilterForm, ParcelFilterForm, ReasonForm, RecordForm
from warehouse.orders.models import Order, Parcel
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def order_list(request: SignedIn) -> HttpResponse:
    """List the orders with the merchant's goods, or all."""
    form = OrderFilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find(request.user, **form.cleaned_data) if is_valid else Order.objects.none())
    rows = [(order, queries.OrderPage(order, order.shown_lines, [])) for order in page.object_list]
    template = "warehouse/orders/_order_rows.html" if _only_rows(request) else "warehouse/orders/order_list.html"
    return render(request, template, {"page": page, "rows": rows, "form": form}, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one order: own lines, own parcels."""
    return _order(request, _found(request, pk))


@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Call an order off before anything of it left."""
    order = _found(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _order(request, order, cancel_form=form, status=422)
    actions.cancel([Step(order.pk)], reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    messages.success(request, _("Order %(number)s is cancelled.") % {"number": order.number})
    return go(request, reverse("orders:show", args=[order.pk]))


@require_POST
def reveal(request: SignedIn, pk: int) -> HttpResponse:
    """Show whom an order goes to in clear, once, with a reason."""
    order = _found(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _order(request, order, reveal_form=form, status=422)
    clear = actions.reveal_recipient(order_id=order.pk, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    return _order(request, order, clear=clear)


@require_GET
def parcel_list(request: SignedIn) -> HttpResponse:
    """List the parcels of the warehouse, what is most urgent first."""
    form = ParcelFilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find_parcels(request.user, **form.cleaned_data) if is_valid else Parcel.objects.none())
    template = "warehouse/orders/_parcel_rows.html" if _only_rows(request) else "warehouse/orders/parcel_list.html"
    return render(request, template, {"page": page, "form": form, "now": timezone.now()}, status=200 if is_valid else 400)


@require_GET
def parcel(request: SignedIn, pk: int) -> HttpResponse:
    """Show one parcel: what is in it, how far it is, where it goes (masked)."""
    return show_parcel(request, found_parcel(request, pk))


@require_GET
def of_lot(request: SignedIn, pk: int) -> HttpResponse:
    """Draw the parcels that contain units of a lot, for its page on the floor below."""
    lot = get_object_or_404(Lot.objects.visible_to(request.user), pk=pk)
    page = page_of(request, queries.parcels_of_lot(lot, request.user))
    return render(request, "warehouse/orders/_of_lot.html", {"lot": lot, "page": page})


def show_parcel(request: SignedIn, parcel: Parcel, *, status: int = 200, **more: object) -> HttpResponse:
    context = {"page": queries.parcel_page(parcel), "parcel": parcel, "form": ReasonForm()} | more
    context = {"weight_form": AcceptWeightForm(auto_id="weight_%s"), "record_form": RecordForm(auto_id="record_%s")} | context
    return render(request, "warehouse/orders/parcel.html", context, status=status)


def found_parcel(request: SignedIn, pk: int) -> Parcel:
    """Return a parcel the user sees with what its page shows."""
    related = ("order__recipient", "merchant", "warehouse", "picker", "packed_by", "clearance", "wave")
    return get_object_or_404(Parcel.objects.visible_to(request.user).select_related(*related), pk=pk)


def go(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def _found(request: SignedIn, pk: int) -> Order:
    return get_object_or_404(queries.find(request.user).select_related("recipient"), pk=pk)


def _order(request: SignedIn, order: Order, *, status: int = 200, **more: object) -> HttpResponse:
    context: dict[str, object] = {
        "page": queries.order_page(order, request.user),
        "order": order,
        "cancel_form": ReasonForm(auto_id="cancel_%s"),
        "reveal_form": ReasonForm(auto_id="reveal_%s"),
        "may_reveal": can(request.user, Permission.REVEAL_PERSON),
    }
    return render(request, "warehouse/orders/order.html", context | more, status=status)


def _only_rows(request: SignedIn) -> bool:
    return bool(request.htmx and not request.htmx.history_restore_request)
