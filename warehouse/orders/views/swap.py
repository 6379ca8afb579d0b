"""Take another lot than the one that was proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assurance.refusals import Refused
from warehouse.orders import actions
from warehouse.orders.forms import OtherLotForm
from warehouse.orders.models import Allocation
from warehouse.orders.queries.other_lots import other_lots
from warehouse.orders.views.desk import found_parcel, go

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.types import SignedIn
    from warehouse.stock.models import Lot


@require_http_methods(["GET", "POST"])
def other_lot(request: SignedIn, pk: int, allocation: int) -> HttpResponse:
    """Offer the lots that may be taken instead (GET); take one (POST)."""
    parcel = found_parcel(request, pk)
    mine = Allocation.objects.visible_to(request.user).standing().select_related("lot__product__category", "product", "parcel")
    proposed = get_object_or_404(mine, parcel=parcel, pk=allocation)
    lots = other_lots(proposed, parcel.order, at=timezone.now())
    choices = [(str(lot.pk), lot.number) for lot, _units in lots]
    if request.method == "GET":
        return _page(request, proposed, lots, OtherLotForm(choices=choices, initial={"quantity": proposed.quantity}))
    form = OtherLotForm(request.POST, choices=choices)
    if not form.is_valid():
        return _page(request, proposed, lots, form, status=422)
    given = form.cleaned_data | {"lot_id": int(form.cleaned_data["lot"])}
    given.pop("lot")
    try:
        actions.take_other_lot(parcel_id=parcel.pk, allocation_id=proposed.pk, actor=request.user, at=timezone.now(), **given)
    except Refused as refused:
        form.add_error(refused.field, str(refused))
        return _page(request, proposed, lots, form, status=refused.status)
    messages.success(request, _("Fetch the other lot now."))
    return go(request, reverse("orders:parcel", args=[parcel.pk]))


def _page(request: SignedIn, proposed: Allocation, lots: list[tuple[Lot, int]], form: OtherLotForm, *, status: int = 200) -> HttpResponse:
    context = {"proposed": proposed, "parcel": proposed.parcel, "lots": lots, "form": form}
    return render(request, "warehouse/orders/other_lot.html", context, status=status)
