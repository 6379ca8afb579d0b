"""The queue of inspections, the workbench, and what came of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from assurance.refusals import Refused
from assurance.roles import QC
from assurance.web.pagination import page_of
from qc.checks.actions import store_pictures
from qc.checks.forms import AnswersForm
from qc.checks.views import again
from qc.inspections import actions, queries
from qc.inspections.actions.recording import UnitRefused
from qc.inspections.forms import FilterForm, ScanForm, UnitForm
from qc.inspections.lifecycle import InspectionState
from qc.inspections.models import Inspection
from qc.inspections.scanning import Reading, Scan, read_scan
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn
    from qc.inspections.queries import Bench


@require_GET
def inspection_list(request: SignedIn) -> HttpResponse:
    """List inspections: to inspectors what waits, by due time; to everybody else what they own, the newest first."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    scope = (form.cleaned_data.get("scope") if is_valid else "") or ("todo" if request.user.role in QC else "all")
    q = form.cleaned_data.get("q", "") if is_valid else ""
    if is_valid and (code := form.cleaned_data["code"]):
        return _open(request, code)
    page = page_of(request, queries.find(request.user, scope=scope, q=q) if is_valid else Inspection.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "qc/inspections/_inspection_rows.html" if only_rows else "qc/inspections/inspection_list.html"
    context = {"page": page, "form": form, "scope": scope, "scopes": queries.SCOPES, "now": timezone.now()}
    return render(request, template, context, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one inspection: plan, what was found, the verdict with its reason."""
    inspection = get_object_or_404(queries.find(request.user), pk=pk)
    context = {
        "bench": queries.bench(inspection, at=timezone.now()),
        "inspection": inspection,
        "uninspected": queries.uninspected_units(inspection.lot),
        "drawn": queries.drawn_units(inspection, request.user),
        "is_blind": queries.is_blind(inspection, request.user),
        "now": timezone.now(),
    }
    return render(request, "qc/inspections/inspection.html", context)


@require_GET
def of_lot(request: SignedIn, pk: int) -> HttpResponse:
    """Draw the inspections of a lot, for its page on the floor below."""
    lot = get_object_or_404(Lot.objects.visible_to(request.user), pk=pk)
    context = {"inspections": queries.of_lot(lot, request.user), "uninspected": queries.uninspected_units(lot)}
    return render(request, "qc/inspections/_of_lot.html", context)


@require_POST
def claim(request: SignedIn, pk: int) -> HttpResponse:
    """Take an inspection and go to the bench."""
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user), pk=pk)
    actions.claim(inspection_id=inspection.pk, actor=request.user, at=timezone.now())
    claimed = queries.find(request.user).get(pk=inspection.pk)
    first = "inspections:points" if queries.sheet(claimed).is_open else "inspections:work"
    return _go(request, reverse(first, args=[inspection.pk]))


@require_http_methods(["GET", "POST"])
def points(request: SignedIn, pk: int) -> HttpResponse:
    """Ask the points of the checklist about the lot as a whole: an answer to every one, then one press."""
    inspection = get_object_or_404(queries.find(request.user), pk=pk)
    sheet = queries.sheet(inspection)
    if inspection.state != InspectionState.CLAIMED or inspection.inspector_id != request.user.pk or not sheet.points:
        return _go(request, reverse("inspections:show", args=[inspection.pk]))
    context: dict[str, Any] = {"inspection": inspection, "sheet": sheet}
    template = "qc/inspections/points.html"
    if request.method == "GET":
        return render(request, template, context | {"form": AnswersForm(points=sheet.points)})
    form = AnswersForm(request.POST, request.FILES, points=sheet.points)
    if not form.is_valid():
        return render(request, template, context | {"form": form}, status=422)
    kept, now = form.kept(), timezone.now()
    try:
        new = store_pictures(form.uploads(), actor=request.user, at=now)
        kept = {point: [*ids, *new.get(point, [])] for point, ids in kept.items()}
        photos = {point: ids for point, ids in kept.items() if ids}
        said = {"answers": form.answers(), "photos": photos, "note": form.cleaned_data["note"]}
        recorded = actions.answer_points(inspection_id=inspection.pk, actor=request.user, at=now, **said)
    except Refused as refused:
        return render(
            request, template, context | {"form": again(request, kept, points=sheet.points), "wrong": str(refused)}, status=refused.status
        )
    following = "inspections:show" if recorded.inspection.is_decided else "inspections:work"
    return _go(request, reverse(following, args=[inspection.pk]))


@require_POST
def give_back(request: SignedIn, pk: int) -> HttpResponse:
    """Put an inspection back into the queue."""
    inspection = get_object_or_404(Inspection.objects.visible_to(request.user), pk=pk)
    actions.give_back(inspection_id=inspection.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("%(inspection)s is back in the queue.") % {"inspection": inspection.code})
    return _go(request, reverse("inspections:list"))


@require_GET
def work(request: SignedIn, pk: int) -> HttpResponse:
    """Show the bench; with ``code``, after a scan. Whoever does not inspect this sees its page instead."""
    inspection = get_object_or_404(queries.find(request.user), pk=pk)
    if inspection.state != InspectionState.CLAIMED or inspection.inspector_id != request.user.pk:
        return _go(request, reverse("inspections:show", args=[inspection.pk]))
    bench = queries.bench(inspection, at=timezone.now())
    form = ScanForm(request.GET)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    if not code:
        return _bench(request, bench)
    scan = _read(bench, code)
    said = {"number": scan.number, "code": code, "product": inspection.product.shown_name, "size": inspection.sample_size}
    if scan.is_right:
        return _bench(request, bench, number=scan.number, right=_("Right goods: %(code)s") % said, ok=True)
    wrong = {
        Reading.RECORDED: _("Unit %(number)s is recorded already."),
        Reading.OUTSIDE: _("The sample has the units 1 to %(size)s."),
        Reading.OTHER: _("%(code)s is not %(product)s. Put it aside."),
    }[scan.reading]
    return _bench(request, bench, wrong=wrong % said, ok=False)


@require_POST
def record(request: SignedIn, pk: int) -> HttpResponse:
    """Record one unit; when that decides, go to the verdict."""
    inspection = get_object_or_404(queries.find(request.user), pk=pk)
    form = UnitForm(request.POST, request.FILES, codes=[kind.code for kind in queries.defects_of(inspection)])
    if not form.is_valid():
        wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _after(request, inspection, wrong=wrong, status=422)
    now = timezone.now()
    photos = store_pictures({"unit": form.pictures()}, actor=request.user, at=now)["unit"]
    try:
        recorded = actions.record_units(inspection_id=inspection.pk, units=[form.unit(photos)], actor=request.user, at=now)
    except UnitRefused as refused:
        return _after(request, inspection, wrong=str(refused), status=refused.status)
    if recorded.inspection.is_decided:
        return _go(request, reverse("inspections:show", args=[inspection.pk]))
    return _after(request, inspection)


@require_POST
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    """Take the last unit back."""
    inspection = get_object_or_404(queries.find(request.user), pk=pk)
    try:
        actions.take_back_unit(inspection_id=inspection.pk, actor=request.user, at=timezone.now())
    except UnitRefused as refused:
        return _after(request, inspection, wrong=str(refused), status=refused.status)
    return _after(request, inspection)


def _read(bench: Bench, code: str) -> Scan:
    inspection = bench.inspection
    goods = [text for text in (inspection.product.sku, inspection.product.gtin, inspection.lot.number) if text]
    recorded = {seen.unit.number for seen in bench.units}
    return read_scan(code, goods=goods, sample_size=inspection.sample_size, recorded=recorded)


def _after(request: SignedIn, inspection: Inspection, *, wrong: str = "", status: int = 200) -> HttpResponse:
    """Answer a press at the bench: to htmx with the bench, to a plain browser with a way back."""
    if not request.htmx and not wrong:
        return HttpResponseRedirect(reverse("inspections:work", args=[inspection.pk]))
    inspection = queries.find(request.user).get(pk=inspection.pk)
    return _bench(request, queries.bench(inspection, at=timezone.now()), wrong=wrong, ok=not wrong, status=status)


def _bench(
    request: SignedIn,
    bench: Bench,
    *,
    number: int | None = None,
    right: str = "",
    wrong: str = "",
    ok: bool | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the bench; what was right or wrong is heard too."""
    template = "qc/inspections/_bench.html" if request.htmx else "qc/inspections/workbench.html"
    context = {"bench": bench, "inspection": bench.inspection, "number": number or bench.next_number, "right": right, "wrong": wrong}
    drawn = queries.drawn_units(bench.inspection, request.user)
    place = number or bench.next_number
    context["unit_of_lot"] = drawn[place - 1] if drawn and place else None
    context["unit_form"] = UnitForm(codes=())
    response = render(request, template, context, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})


def _open(request: SignedIn, code: str) -> HttpResponse:
    """Go to what was scanned."""
    address = queries.opened_by(request.user, code)
    if not address:
        messages.error(request, _("Nothing that waits here has the code %(code)s.") % {"code": code})
    return _go(request, address or reverse("inspections:list"))


def _go(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
