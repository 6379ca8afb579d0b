"""The packing station: it hears right and wrong, closes a parcel by its last right scan, and weighs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import push_url, trigger_client_event

from assurance.files.actions import store
from assurance.files.sniffing import PICTURES
from assurance.refusals import Refused
from warehouse.orders import actions, queries
from warehouse.orders.actions import Accepting, Packing, Weighing
from warehouse.orders.forms import AcceptWeightForm, CodeForm, RecordForm, ScanForm, SealForm
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Parcel
from warehouse.orders.packing import Scan, names
from warehouse.orders.views.desk import found_parcel, go, show_parcel
from warehouse.stock.gs1 import Unreadable, read

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_http_methods(["GET"])
def station(request: SignedIn) -> HttpResponse:
    """Find the parcel to pack by its number on the pick list, or by its place in the queue."""
    form = CodeForm(request.GET)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    found = queries.parcel_called(request.user, code) if code else None
    if found and request.htmx:
        return push_url(_pack(request, found_parcel(request, found.pk), {}, ok=True), reverse("orders:pack", args=[found.pk]))
    if found:
        return HttpResponseRedirect(reverse("orders:pack", args=[found.pk]))
    return _door(request, wrong=_("%(code)s is no parcel of this warehouse.") % {"code": code} if code else "")


@require_http_methods(["GET", "POST"])
def pack(request: SignedIn, pk: int) -> HttpResponse:
    """Pack one parcel: scan goods (``code``), then their lot into the same field, or lot and units by hand."""
    parcel = found_parcel(request, pk)
    if request.method == "POST" and "lot_number" in request.POST:
        return _put_in(request, parcel)
    return _look_up(request, parcel)


@require_POST
def seal(request: SignedIn, pk: int) -> HttpResponse:
    """Put a complete parcel on the scale: close it with its weight, or weigh what the last scan closed. Its label prints itself."""
    parcel = found_parcel(request, pk)
    form = SealForm(request.POST)
    if not form.is_valid():
        return _pack(request, parcel, {"seal_form": form}, ok=False, status=422)
    given = form.cleaned_data
    try:
        if parcel.state == ParcelState.PACKED:
            parcel = actions.weigh([Weighing(parcel.pk, given["measured_weight_g"])], actor=request.user, at=timezone.now())[0]
        else:
            parcel = actions.pack([Packing(parcel.pk, **given)], actor=request.user, at=timezone.now())[0]
    except Refused as refused:
        return _pack(request, parcel, {"seal_form": form, "wrong": str(refused)}, ok=False, status=refused.status)
    if parcel.weight_deviations.open().exists():
        return _pack(request, found_parcel(request, pk), {}, ok=False)
    said = _("Parcel %(parcel)s is packed.") % {"parcel": parcel.code}
    if request.htmx:
        response = push_url(_door(request, weighed=parcel), reverse("orders:station"))
        return trigger_client_event(trigger_client_event(response, "scanned", {"ok": True}), "toast", {"tone": "pass", "text": said})
    messages.success(request, said)
    return HttpResponseRedirect(reverse("orders:station"))


@require_POST
def record(request: SignedIn, pk: int) -> HttpResponse:
    """Keep photographs of packing, or where its film lies."""
    parcel = found_parcel(request, pk)
    form = RecordForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_parcel(request, parcel, record_form=form, status=422)
    now = timezone.now()
    try:
        photos = [
            store(
                organisation=request.user.organisation,
                uploaded_by=request.user,
                data=photo.read(),
                shown_name=photo.name,
                at=now,
                accept=PICTURES,
                field="photos",
            ).pk
            for photo in form.cleaned_data["photos"]
        ]
        film = form.cleaned_data["video_reference"]
        actions.record_packing(parcel_id=parcel.pk, photo_ids=photos, video_reference=film, actor=request.user, at=now)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return show_parcel(request, parcel, record_form=form, status=422)
    messages.success(request, _("Kept with parcel %(parcel)s.") % {"parcel": parcel.code})
    return go(request, reverse("orders:pack" if parcel.state == ParcelState.PICKING else "orders:parcel", args=[parcel.pk]))


@require_POST
def accept_weight(request: SignedIn, pk: int) -> HttpResponse:
    """Let a parcel go on whose weight stopped it."""
    parcel = found_parcel(request, pk)
    form = AcceptWeightForm(request.POST, auto_id="weight_%s")
    if not form.is_valid():
        return show_parcel(request, parcel, weight_form=form, status=422)
    actions.accept_weights([Accepting(parcel.pk, **form.cleaned_data)], actor=request.user, at=timezone.now())
    messages.success(request, _("The weight of parcel %(parcel)s is accepted.") % {"parcel": parcel.code})
    return go(request, reverse("orders:parcel", args=[parcel.pk]))


def _look_up(request: SignedIn, parcel: Parcel) -> HttpResponse:
    """Take a code: goods of this parcel, or the lot of the goods in hand."""
    form = CodeForm(request.POST if request.method == "POST" else request.GET)
    code, held = (form.cleaned_data["code"], form.cleaned_data["held"]) if form.is_valid() else ("", "")
    if not code:
        return _pack(request, parcel, {})
    try:
        said = read(code)
    except Unreadable:
        return _pack(request, parcel, {"wrong": _("This code cannot be read. Scan it again."), "held": held}, ok=False)
    if said.lot_number and request.method == "POST":
        return _put(request, parcel, Scan(said.code, said.lot_number, said.quantity or 1, said.serial), {})
    code = said.code
    contents = queries.parcel_page(parcel).contents
    wanted = [one for one in contents if _is_of(code, one)]
    if not wanted and request.method == "POST" and any(_is_of(held, one) and one.allocation.lot.number == code for one in contents):
        return _put(request, parcel, Scan(held, code), {})
    if not wanted:
        wrong = _("%(code)s does not belong into this parcel. Put it back.") % {"code": code}
        return _pack(request, parcel, {"wrong": wrong, "held": held}, ok=False)
    return _pack(request, parcel, {"scan_form": ScanForm(initial={"code": code, "quantity": 1}), "wanted": wanted, "held": code}, ok=True)


def _put_in(request: SignedIn, parcel: Parcel) -> HttpResponse:
    form = ScanForm(request.POST)
    code = request.POST.get("code", "")[:80]
    shown = {"scan_form": form, "wanted": [one for one in queries.parcel_page(parcel).contents if _is_of(code, one)], "held": code}
    if not form.is_valid():
        return _pack(request, parcel, shown, ok=False, status=422)
    return _put(request, parcel, Scan(**form.cleaned_data), shown)


def _put(request: SignedIn, parcel: Parcel, scan: Scan, shown: dict[str, Any]) -> HttpResponse:
    """Put units in; the last right one closes the parcel."""
    try:
        actions.scan(
            parcel_id=parcel.pk,
            code=scan.code,
            lot_number=scan.lot_number,
            quantity=scan.quantity,
            serial=scan.serial,
            closes=True,
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refused:
        return _pack(request, parcel, shown | {"wrong": str(refused)}, ok=False, status=refused.status)
    if not request.htmx:
        return HttpResponseRedirect(reverse("orders:pack", args=[parcel.pk]))
    return _pack(request, found_parcel(request, parcel.pk), {"put_in": scan, "held": scan.code}, ok=True)


def _is_of(code: str, one: queries.Content) -> bool:
    product = one.allocation.product
    return code == product.sku or bool(product.gtin and names(code) & names(product.gtin))


def _pack(request: SignedIn, parcel: Parcel, context: dict[str, Any], *, ok: bool | None = None, status: int = 200) -> HttpResponse:
    """Answer at the station; what was scanned right or wrong is heard too."""
    page = queries.parcel_page(parcel)
    shown: dict[str, Any] = {"page": page, "parcel": parcel, "seal_form": SealForm(), "record_form": RecordForm()} | context
    form = shown.get("scan_form")
    shown |= {
        "carries": {"held": shown.get("held", "")},
        "is_right": "put_in" in shown or (form is not None and not form.is_bound),
        "is_busy": form is not None or page.is_complete,
        "is_closed": parcel.state != ParcelState.PICKING or parcel.picked_at is None or page.is_complete,
        "to_weigh": page.is_complete and parcel.state in (ParcelState.PICKING, ParcelState.PACKED) and parcel.measured_weight_g is None,
    }
    template = "warehouse/orders/_packing.html" if request.htmx else "warehouse/orders/packing.html"
    response = render(request, template, shown, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})


def _door(request: SignedIn, *, wrong: str = "", weighed: Parcel | None = None) -> HttpResponse:
    """Answer before a parcel is known. What was just ``weighed`` has its label printed there, unless it is to be checked."""
    context = {"wrong": wrong, "weighed": weighed, "queue": queries.next_to_pack(request.user)[:8]}
    template = "warehouse/orders/_station_door.html" if request.htmx else "warehouse/orders/station_door.html"
    response = render(request, template, context)
    return trigger_client_event(response, "scanned", {"ok": False}) if wrong else response
