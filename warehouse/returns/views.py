"""The list of returns, the desk where they are counted in, and parcels that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, push_url, trigger_client_event

from assurance.files.actions import store
from assurance.files.sniffing import PICTURES
from assurance.refusals import Refused
from assurance.web.pagination import page_of
from warehouse.orders.models import Parcel
from warehouse.returns import actions, queries
from warehouse.returns.actions import ArrivedReturn
from warehouse.returns.counting import Scanned
from warehouse.returns.forms import CountForm, FilterForm, MatchForm, ScanForm, UnidentifiedForm, written
from warehouse.returns.models import ReturnParcel
from warehouse.stock.gs1 import Unreadable, read

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn
    from warehouse.returns.queries import Desk


@require_GET
def return_list(request: SignedIn) -> HttpResponse:
    """List the returns of the merchant, or those of the warehouse."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    scope = (form.cleaned_data.get("scope") if is_valid else "") or "all"
    q = form.cleaned_data.get("q", "") if is_valid else ""
    page = page_of(request, queries.find(request.user, scope=scope, q=q) if is_valid else ReturnParcel.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "warehouse/returns/_return_rows.html" if only_rows else "warehouse/returns/return_list.html"
    context = {"page": page, "form": form, "scope": scope, "scopes": queries.SCOPES}
    return render(request, template, context, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one return with its units."""
    return _show(request, get_object_or_404(queries.find(request.user), pk=pk), MatchForm())


@require_POST
def match(request: SignedIn, pk: int) -> HttpResponse:
    """Say which parcel an unidentified return was, and go on to count it."""
    row = get_object_or_404(queries.find(request.user), pk=pk)
    form = MatchForm(request.POST)
    parcel = queries.parcel_of(request.user, form.cleaned_data["code"]) if form.is_valid() else None
    if form.is_valid() and parcel is None:
        form.add_error("code", _("No parcel that left this warehouse has this number."))
    if parcel is None:
        return _show(request, row, form, status=422)
    actions.match_return(return_id=row.pk, parcel_id=parcel.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("%(return)s was parcel %(parcel)s.") % {"return": row.code, "parcel": parcel.code})
    return _go(request, reverse("returns:receive", args=[parcel.pk]))


@require_GET
def station(request: SignedIn) -> HttpResponse:
    """Show the returns desk; with ``code``, go to the parcel that was scanned."""
    form = ScanForm(request.GET)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    parcel = queries.parcel_of(request.user, code) if code else None
    if parcel and request.htmx:
        return push_url(_counting(request, queries.desk(parcel), [], ok=True), reverse("returns:receive", args=[parcel.pk]))
    if parcel:
        return HttpResponseRedirect(reverse("returns:receive", args=[parcel.pk]))
    return _station(request, {"unknown": code}, ok=False if code else None)


@require_http_methods(["GET", "POST"])
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """Count the units of a parcel that came back: each scan adds (``add``), the last press takes them in."""
    parcels = Parcel.objects.visible_to(request.user).select_related("order", "merchant", "warehouse")
    desk = queries.desk(get_object_or_404(parcels, pk=pk))
    if request.method == "GET":
        return _counting(request, desk, [])
    form = CountForm(request.POST)
    if not form.is_valid():
        return _counting(request, desk, form.cleaned_data.get("counted", []), form=form, ok=False, status=422)
    if "scan" in request.POST:
        return _scan_unit(request, desk, form)
    scans = form.scans()
    if "add" in request.POST:
        return _counting(request, desk, scans, ok=all(name for _scan, name in desk.names(scans[-1:])))
    arrived = ArrivedReturn(
        desk.parcel.pk, scans, desk.announced.pk if desk.announced else None, override_reason=form.cleaned_data["override_reason"]
    )
    try:
        row = actions.receive_returns([arrived], actor=request.user, at=timezone.now())[0]
    except Refused as refused:
        return _counting(request, desk, scans, wrong=str(refused), refusal=refused.code, ok=False, status=refused.status)
    messages.success(request, _("%(return)s is in. Its units wait for inspection.") % {"return": row.code})
    return _go(request, reverse("returns:show", args=[row.pk]))


@require_http_methods(["GET", "POST"])
def unidentified(request: SignedIn) -> HttpResponse:
    """Keep a parcel that no order was found for."""
    if request.method == "GET":
        return _unidentified(request, UnidentifiedForm(initial={"tracking_number": request.GET.get("code", "")[:40]}))
    form = UnidentifiedForm(request.POST, request.FILES)
    if not form.is_valid():
        return _unidentified(request, form, status=422)
    given, now = form.cleaned_data, timezone.now()
    try:
        stored = [
            store(
                organisation=request.user.organisation,
                uploaded_by=request.user,
                data=photo.read(),
                shown_name=photo.name,
                at=now,
                accept=PICTURES,
                field="photos",
            )
            for photo in given.pop("photos")
        ]
        row = actions.receive_unidentified(photo_ids=[file.pk for file in stored], actor=request.user, at=now, **given)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _unidentified(request, form, status=422)
    messages.success(request, _("%(return)s is kept until somebody knows whose it is.") % {"return": row.code})
    return _go(request, reverse("returns:show", args=[row.pk]))


def _show(request: SignedIn, row: ReturnParcel, form: MatchForm, *, status: int = 200) -> HttpResponse:
    photos = [photo.file for photo in row.photos.select_related("file").order_by("id")]
    context = {"row": row, "units": queries.units_of(row), "photos": photos, "form": form}
    return render(request, "warehouse/returns/return.html", context, status=status)


def _station(request: SignedIn, context: dict[str, Any], *, ok: bool | None = None, status: int = 200) -> HttpResponse:
    context["not_found"] = context.get("wrong") or context.get("unknown")
    template = "warehouse/returns/_station.html" if request.htmx else "warehouse/returns/station.html"
    response = render(request, template, context, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})


def _counting(
    request: SignedIn,
    desk: Desk,
    scans: list[Any],
    *,
    form: CountForm | None = None,
    wrong: str = "",
    refusal: str = "",
    held: str = "",
    ok: bool | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the parcel with what was counted of it so far."""
    shown = form or CountForm(initial={"counted": written(scans), "quantity": 1})
    context = {"desk": desk, "form": shown, "counted": desk.names(scans), "written": written(scans), "wrong": wrong, "refusal": refusal}
    context |= {"held": held, "carries": {"scan": "1", "held": held, "counted": written(scans)}}
    return _station(request, context, ok=ok, status=status)


def _scan_unit(request: SignedIn, desk: Desk, form: CountForm) -> HttpResponse:
    """Take what was scanned: goods with their lot in one code, goods, or the lot of the goods in hand."""
    scans, code, held = form.cleaned_data["counted"], form.cleaned_data["code"], form.cleaned_data["held"]
    if not code:
        return _counting(request, desk, scans, held=held)
    try:
        said = read(code)
    except Unreadable:
        return _counting(request, desk, scans, held=held, wrong=_("This code cannot be read. Scan it again."), ok=False)
    if said.lot_number:
        unit = Scanned(said.code, said.lot_number, serial=said.serial)
    elif desk.holds(said.code):
        return _counting(request, desk, scans, held=said.code, ok=True)
    elif held:
        unit = Scanned(held, said.code)
    else:
        other = None if scans else queries.parcel_of(request.user, said.code)
        if other:
            return push_url(_counting(request, queries.desk(other), [], ok=True), reverse("returns:receive", args=[other.pk]))
        unit = Scanned(said.code, "")
    right = bool(desk.name(unit))
    return _counting(request, desk, [*scans, unit], held=unit.code if right else "", ok=right)


def _unidentified(request: SignedIn, form: UnidentifiedForm, *, status: int = 200) -> HttpResponse:
    return render(request, "warehouse/returns/unidentified.html", {"form": form}, status=status)


def _go(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
