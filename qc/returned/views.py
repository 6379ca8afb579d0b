"""Returned units: what was found beside what left, the grade, and what becomes of them."""

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
from assurance.roles import FLOOR, QC
from assurance.web.pagination import page_of
from qc.checks.actions import store_pictures
from qc.checks.forms import AnswersForm
from qc.checks.views import again
from qc.returned import actions, queries
from qc.returned.actions import ReturnCheck
from qc.returned.forms import SCOPES, DecideForm, FilterForm
from warehouse.returns.lifecycle import UnitState
from warehouse.returns.queries import numbered

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn
    from qc.returned.queries import Sheet
    from warehouse.returns.models import ReturnUnit


@require_GET
def unit_list(request: SignedIn) -> HttpResponse:
    """List returned units: to the floor what waits, to everybody else what they own."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    if is_valid and (code := form.cleaned_data["code"]):
        return _open(request, code)
    scope = (form.cleaned_data.get("scope") if is_valid else "") or ("todo" if request.user.role in FLOOR else "all")
    page = page_of(request, queries.find(request.user, scope=scope))
    context = {"page": page, "scope": scope, "scopes": SCOPES}
    return render(request, "qc/returned/unit_list.html", context, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one unit: before it left beside after it came back, point by point."""
    unit = _unit(request, pk)
    sheet = queries.sheet(unit)
    return _sheet(request, sheet, _decide_form(request, sheet))


@require_http_methods(["GET", "POST"])
def inspect(request: SignedIn, pk: int) -> HttpResponse:
    """Inspect one unit with its outbound record beside it."""
    unit = _unit(request, pk)
    if unit.state != UnitState.RECEIVED:
        return _go(request, reverse("returned:show", args=[unit.pk]))
    now = timezone.now()
    points = queries.points_for(unit, at=now)
    if request.method == "GET":
        return _bench(request, unit, AnswersForm(points=points))
    form = AnswersForm(request.POST, request.FILES, points=points)
    if not form.is_valid():
        return _bench(request, unit, form, ok=False, status=422)
    kept = form.kept()
    try:
        new = store_pictures(form.uploads(), actor=request.user, at=now)
        kept = {point: [*ids, *new.get(point, [])] for point, ids in kept.items()}
        entry = ReturnCheck(unit.pk, form.answers(), {point: ids for point, ids in kept.items() if ids}, form.cleaned_data["note"])
        actions.inspect_returns([entry], actor=request.user, at=now)
    except Refused as refused:
        return _bench(request, unit, again(request, kept, points=points), wrong=str(refused), ok=False, status=refused.status)
    return _go(request, reverse("returned:show", args=[unit.pk]))


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Decide what becomes of one unit."""
    unit = _unit(request, pk)
    sheet = queries.sheet(unit)
    form = _decide_form(request, sheet, data=request.POST)
    if not form.is_valid():
        return _sheet(request, sheet, form, status=422)
    try:
        done = actions.dispose([form.disposal(unit.pk)], actor=request.user, at=timezone.now())[0]
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _sheet(request, sheet, form, status=refused.status)
    messages.success(request, _("%(unit)s: %(disposition)s.") % {"unit": unit.code, "disposition": done.get_disposition_display()})
    return _go(request, reverse("returned:show", args=[unit.pk]))


def _open(request: SignedIn, code: str) -> HttpResponse:
    """Go to the unit whose bag was scanned: to its inspection while it waits for it."""
    found = queries.find(request.user, scope="all").filter(numbered(code, "TJ", "pk")).first()
    if found is None:
        messages.error(request, _("No returned unit here has the number %(code)s.") % {"code": code})
        return _go(request, reverse("returned:list"))
    inspects = found.state == UnitState.RECEIVED and request.user.role in QC
    return _go(request, reverse("returned:inspect" if inspects else "returned:show", args=[found.pk]))


def _unit(request: SignedIn, pk: int) -> ReturnUnit:
    return get_object_or_404(queries.find(request.user, scope="all"), pk=pk)


def _decide_form(request: SignedIn, sheet: Sheet, data: object = None) -> DecideForm:
    people = queries.witnesses_for(request.user) if sheet.choices and request.user.role in QC else []
    return DecideForm(data, choices=sheet.choices, people=people)


def _sheet(request: SignedIn, sheet: Sheet, form: DecideForm, *, status: int = 200) -> HttpResponse:
    return render(request, "qc/returned/unit.html", {"sheet": sheet, "unit": sheet.unit, "form": form}, status=status)


def _bench(
    request: SignedIn, unit: ReturnUnit, form: AnswersForm, *, wrong: str = "", ok: bool | None = None, status: int = 200
) -> HttpResponse:
    sheet = queries.sheet(unit)
    before = {pair.before.point.code: pair.before for pair in sheet.pairs if pair.before}
    rows = [(row, before.get(row.point.code)) for row in form.rows()]
    template = "qc/returned/_bench.html" if request.htmx else "qc/returned/bench.html"
    context = {"sheet": sheet, "unit": unit, "form": form, "rows": rows, "wrong": wrong}
    response = render(request, template, context, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})


def _go(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
