"""Shipment notices at the merchant's desk, and the receiving station at the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from assurance.refusals import Refused
from assurance.web.pagination import page_of
from warehouse.inbound import actions, aside, gate, queries
from warehouse.inbound.actions import Arrival
from warehouse.inbound.forms import (
    BookForm,
    CloseForm,
    FileForm,
    FilterForm,
    NoticeForm,
    ReceiveForm,
    ReportForm,
    ScanForm,
    line_forms,
    products_for,
    put_refusal,
    typed_rows,
)
from warehouse.inbound.lifecycle import Kind
from warehouse.inbound.models import ShipmentNotice
from warehouse.inbound.sheet import headings
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn
    from warehouse.inbound.forms import Lines
    from warehouse.stock.gs1 import Scanned


@require_GET
def notice_list(request: SignedIn) -> HttpResponse:
    """List the notices of the merchant, or those announced to the warehouse."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find(request.user, **form.cleaned_data) if is_valid else ShipmentNotice.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "warehouse/inbound/_notice_rows.html" if only_rows else "warehouse/inbound/notice_list.html"
    return render(request, template, {"page": page, "form": form}, status=200 if is_valid else 400)


@require_http_methods(["GET", "POST"])
def create(request: SignedIn) -> HttpResponse:
    """Announce a shipment. Without script, “one more line” is a post too, and keeps what was typed."""
    products = products_for(request.user, at=timezone.now())
    if request.method == "GET":
        return _notice_form(request, NoticeForm(), line_forms(products=products), products=products)
    if "more" in request.POST:
        head = NoticeForm(initial=request.POST.dict())
        return _notice_form(request, head, line_forms(products=products, typed=typed_rows(request.POST)), products=products)
    form, lines = NoticeForm(request.POST), line_forms(request.POST, products=products)
    if not (form.is_valid() & lines.is_valid()):
        return _notice_form(request, form, lines, products=products, status=422)
    try:
        notice = actions.announce_shipment(actor=request.user, lines=lines.lines(), at=timezone.now(), **form.head())
    except Refused as refused:
        if not put_refusal(refused, form, lines):
            raise
        return _notice_form(request, form, lines, products=products, status=422)
    messages.success(request, _("%(notice)s is announced.") % {"notice": notice.code})
    return _go(request, reverse("inbound:show", args=[notice.pk]))


@require_http_methods(["GET", "POST"])
def file(request: SignedIn) -> HttpResponse:
    """Announce shipments by a file: all that is in it, or nothing."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    points: list[tuple[str, str, str]] = []
    if request.method == "GET" or not form.is_valid():
        return _file(request, form, points, status=200 if request.method == "GET" else 422)
    try:
        found = actions.announce_file(data=form.cleaned_data["file"].read(), actor=request.user, at=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused))
        return _file(request, form, refused.points(), status=refused.status)
    messages.success(request, _("Shipments announced: %(count)s.") % {"count": len(found)})
    return HttpResponseRedirect(reverse("inbound:list"))


def _file(request: SignedIn, form: FileForm, points: list[tuple[str, str, str]], *, status: int) -> HttpResponse:
    columns = headings(request.LANGUAGE_CODE)
    return render(request, "warehouse/inbound/file.html", {"form": form, "points": points, "columns": columns}, status=status)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one notice with what arrived of each line."""
    return _show(request, get_object_or_404(queries.find(request.user), pk=pk), CloseForm())


@require_GET
def of_lot(request: SignedIn, pk: int) -> HttpResponse:
    """Draw the receipts of a lot, for its page on the floor below."""
    lot = get_object_or_404(Lot.objects.visible_to(request.user), pk=pk)
    return render(request, "warehouse/inbound/_of_lot.html", {"lot": lot, "page": page_of(request, queries.receipts_of(lot))})


@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """Call a shipment off."""
    notice = get_object_or_404(ShipmentNotice.objects.visible_to(request.user), pk=pk)
    actions.cancel_shipment(notice_id=notice.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("%(notice)s is cancelled.") % {"notice": notice.code})
    return _go(request, reverse("inbound:show", args=[notice.pk]))


@require_POST
def close(request: SignedIn, pk: int) -> HttpResponse:
    """End receiving although something is missing."""
    notice = get_object_or_404(queries.find(request.user), pk=pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _show(request, notice, form, status=422)
    actions.close_receiving(notice_id=notice.pk, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    messages.success(request, _("%(notice)s is closed.") % {"notice": notice.code})
    return _go(request, reverse("inbound:show", args=[notice.pk]))


@require_http_methods(["GET", "POST"])
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """Take goods in at the gate: scan (GET with ``code``), then lot, dates and units (POST)."""
    notice = get_object_or_404(queries.find(request.user), pk=pk)
    return _count(request, notice) if request.method == "POST" else _scan(request, notice)


def _scan(request: SignedIn, notice: ShipmentNotice) -> HttpResponse:
    form = ScanForm(request.GET)
    if not form.is_valid() or not form.cleaned_data["code"]:
        return _station(request, {"station": queries.station(notice)})
    try:
        said = actions.read_scan(form.cleaned_data["code"])
    except Refused as refused:
        return _station(request, {"station": queries.station(notice), "wrong": str(refused)}, ok=False)
    code, station = said.code, queries.station(notice, code=said.code)
    if not station.product:
        wrong = _("%(code)s is not on this notice. Put the goods aside; do not take them in.") % {"code": code}
        report = ReportForm(initial={"code": code, "kind": Kind.WRONG})
        return _station(request, {"station": station, "wrong": wrong, "report": report}, ok=False)
    report = ReportForm(initial={"code": code, "kind": Kind.DAMAGED})
    return _station(
        request, {"station": station, "form": _receive_form(station, said=said, scan=form.cleaned_data["code"]), "report": report}, ok=True
    )


def _count(request: SignedIn, notice: ShipmentNotice) -> HttpResponse:
    scan = ScanForm(request.POST)
    scanned = scan.cleaned_data["code"] if scan.is_valid() else ""
    arrival: Arrival | None = None
    station = queries.station(notice)
    form = _receive_form(station, data=request.POST)
    try:
        station = queries.station(notice, code=actions.read_scan(scanned).code)
        form = _receive_form(station, data=request.POST)
        if not form.is_valid():
            return _station(request, {"station": station, "form": form}, ok=False, status=422)
        arrival = actions.scanned_arrival(notice_id=notice.pk, at=timezone.now(), **form.cleaned_data)
        received = actions.receive_all([arrival], actor=request.user)[0]
    except Refused as refused:
        put_aside = actions.put_aside(refused, arrival, actor=request.user) if arrival else None
        context = {"station": station, "form": form, "wrong": str(refused), "put_aside": put_aside}
        return _station(request, context, ok=False, status=refused.status)
    if not request.htmx:
        messages.success(request, _("%(units)s units of lot %(lot)s are in.") % _said(received))
        return HttpResponseRedirect(reverse("inbound:receive", args=[notice.pk]))
    notice.refresh_from_db()
    return _station(request, {"station": queries.station(notice), "received": received}, ok=True)


def _show(request: SignedIn, notice: ShipmentNotice, form: CloseForm, *, status: int = 200) -> HttpResponse:
    context = {"lines": queries.lines_of(notice), "discrepancies": aside.of_notice(request.user, notice.pk)}
    context |= {"slot": gate.booked(notice), "book_form": BookForm(slots=gate.offered(notice, at=timezone.now()))}
    return render(request, "warehouse/inbound/notice.html", {"notice": notice, "form": form, **context}, status=status)


def _said(received: actions.Received) -> dict[str, object]:
    return {"units": received.receipt.quantity, "lot": received.receipt.lot.number}


def _receive_form(station: queries.Station, data: object = None, *, said: Scanned | None = None, scan: str = "") -> ReceiveForm:
    """Return the form at the desk, filled with what the scan said."""
    needs_expiry = any(line.expiry_date or line.product.category.is_perishable for line in station.matching)
    return ReceiveForm(data, needs_expiry=needs_expiry, initial={"code": scan or station.code} | (_filled(said) if said else {}))


def _filled(said: Scanned) -> dict[str, object]:
    dates = {"expiry_date": said.expires, "produced_date": said.produced}
    return {"lot_number": said.lot_number, "quantity": said.quantity, **{name: f"{day:%Y%m%d}" for name, day in dates.items() if day}}


def _station(request: SignedIn, context: dict[str, object], *, ok: bool | None = None, status: int = 200) -> HttpResponse:
    """Answer at the gate; what was scanned right or wrong is heard too."""
    template = "warehouse/inbound/_station.html" if request.htmx else "warehouse/inbound/station.html"
    response = render(request, template, context, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})


def _notice_form(request: SignedIn, form: NoticeForm, lines: Lines, *, products: list[tuple[str, str]], status: int = 200) -> HttpResponse:
    template = "warehouse/inbound/_notice_form.html" if request.htmx else "warehouse/inbound/notice_form.html"
    return render(request, template, {"form": form, "lines": lines, "has_products": bool(products)}, status=status)


def _go(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
