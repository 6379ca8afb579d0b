"""Picking and packing: lists to fetch by, and a station that hears right and wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from assurance.refusals import Refused
from warehouse.orders import actions, queries
from warehouse.orders.actions import Packing, Step
from warehouse.orders.forms import CodeForm, ReasonForm, ScanForm, SealForm
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Parcel
from warehouse.orders.packing import Scan, names
from warehouse.orders.views.desk import found_parcel, go, show_parcel

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_http_methods(["GET", "POST"])
def pick_list(request: SignedIn) -> HttpResponse:
    """Show what to fetch next for the most urgent parcels (GET); begin, or note that all of it is fetched (POST)."""
    if request.method == "GET":
        return render(request, "warehouse/orders/pick_list.html", {"list": queries.pick_list(request.user)})
    mine = Parcel.objects.visible_to(request.user).filter(pk__in=[pk for pk in request.POST.getlist("parcel") if _is_number(pk)])
    steps = [Step(pk) for pk in mine.order_by("id").values_list("pk", flat=True)]
    if "start" in request.POST:
        actions.start_picking(steps, actor=request.user, at=timezone.now())
        messages.success(request, _("These parcels are yours now."))
        return go(request, reverse("orders:pick-list"))
    picked = actions.pick(steps, actor=request.user, at=timezone.now())
    said = ngettext("%(count)s parcel is picked.", "%(count)s parcels are picked.", len(picked))
    messages.success(request, said % {"count": len(picked)})
    return go(request, reverse("orders:station"))


@require_http_methods(["GET"])
def station(request: SignedIn) -> HttpResponse:
    """Find the parcel to pack by its number on the pick list, or by its place in the queue."""
    form = CodeForm(request.GET)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    found = queries.parcel_called(request.user, code) if code else None
    if found:
        return go(request, reverse("orders:pack", args=[found.pk]))
    context = {
        "wrong": _("%(code)s is no parcel of this warehouse.") % {"code": code} if code else "",
        "queue": queries.next_to_pack(request.user)[:8],
    }
    template = "warehouse/orders/_station_door.html" if request.htmx else "warehouse/orders/station_door.html"
    response = render(request, template, context)
    return trigger_client_event(response, "scanned", {"ok": False}) if code else response


@require_http_methods(["GET", "POST"])
def pack(request: SignedIn, pk: int) -> HttpResponse:
    """Pack one parcel: scan goods (GET with ``code``), then lot and units (POST)."""
    parcel = found_parcel(request, pk)
    return _put_in(request, parcel) if request.method == "POST" else _look_up(request, parcel)


@require_POST
def seal(request: SignedIn, pk: int) -> HttpResponse:
    """Close a complete parcel with its weight."""
    parcel = found_parcel(request, pk)
    form = SealForm(request.POST)
    if not form.is_valid():
        return _pack(request, parcel, {"seal_form": form}, ok=False, status=422)
    try:
        actions.pack([Packing(parcel.pk, **form.cleaned_data)], actor=request.user, at=timezone.now())
    except Refused as refused:
        return _pack(request, parcel, {"seal_form": form, "wrong": str(refused)}, ok=False, status=refused.status)
    messages.success(request, _("Parcel %(parcel)s is packed.") % {"parcel": parcel.code})
    return go(request, reverse("orders:station"))


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


def _look_up(request: SignedIn, parcel: Parcel) -> HttpResponse:
    form = CodeForm(request.GET)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    if not code:
        return _pack(request, parcel, {})
    wanted = [one for one in queries.parcel_page(parcel).contents if _is_of(code, one)]
    if not wanted:
        wrong = _("%(code)s does not belong into this parcel. Put it back.") % {"code": code}
        return _pack(request, parcel, {"wrong": wrong}, ok=False)
    return _pack(request, parcel, {"scan_form": ScanForm(initial={"code": code, "quantity": 1}), "wanted": wanted}, ok=True)


def _put_in(request: SignedIn, parcel: Parcel) -> HttpResponse:
    form = ScanForm(request.POST)
    code = request.POST.get("code", "")[:80]
    wanted = [one for one in queries.parcel_page(parcel).contents if _is_of(code, one)]
    if not form.is_valid():
        return _pack(request, parcel, {"scan_form": form, "wanted": wanted}, ok=False, status=422)
    try:
        actions.scan(parcel_id=parcel.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return _pack(request, parcel, {"scan_form": form, "wanted": wanted, "wrong": str(refused)}, ok=False, status=refused.status)
    if not request.htmx:
        return HttpResponseRedirect(reverse("orders:pack", args=[parcel.pk]))
    return _pack(request, parcel, {"put_in": Scan(**form.cleaned_data)}, ok=True)


def _is_of(code: str, one: queries.Content) -> bool:
    product = one.allocation.product
    return code == product.sku or bool(product.gtin and names(code) & names(product.gtin))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= queries.MOST_DIGITS


def _pack(request: SignedIn, parcel: Parcel, context: dict[str, Any], *, ok: bool | None = None, status: int = 200) -> HttpResponse:
    """Answer at the station; what was scanned right or wrong is heard too."""
    page = queries.parcel_page(parcel)
    shown: dict[str, Any] = {"page": page, "parcel": parcel, "seal_form": SealForm()} | context
    form = shown.get("scan_form")
    shown |= {
        "is_right": "put_in" in shown or (form is not None and not form.is_bound),
        "is_busy": form is not None or page.is_complete,
        "is_closed": parcel.state != ParcelState.PICKING or parcel.picked_at is None or page.is_complete,
    }
    template = "warehouse/orders/_packing.html" if request.htmx else "warehouse/orders/packing.html"
    response = render(request, template, shown, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})
