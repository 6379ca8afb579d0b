"""The station where parcels are checked before they leave, and what came of each check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import push_url, trigger_client_event

from assurance.calendar import SHANGHAI
from assurance.products.models import Category
from assurance.refusals import Refused
from assurance.roles import FLOOR, Role
from assurance.web.pagination import page_of
from qc.checks import actions, queries
from qc.checks.actions import ParcelCheck
from qc.checks.forms import SCOPES, AnswersForm, FilterForm, ScanForm, ShareForm
from qc.checks.models import OutboundCheck
from qc.nonconformance.models import NonConformance
from warehouse.orders.lifecycle import ParcelState
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn

QUEUED = 8


@require_GET
def check_list(request: SignedIn) -> HttpResponse:
    """List what waits for its check, what must be put right, and the checks that were made."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    is_floor = request.user.role in FLOOR
    scope = (form.cleaned_data.get("scope") if is_valid else "") or ("todo" if is_floor else "done")
    page = page_of(request, _listed(request, scope, form.cleaned_data) if is_valid else OutboundCheck.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "qc/checks/_check_rows.html" if only_rows else "qc/checks/check_list.html"
    context = {"page": page, "form": form, "scope": scope, "scopes": SCOPES, "now": timezone.now()}
    return render(request, template, context, status=200 if is_valid else 400)


def _listed(request: SignedIn, scope: str, given: dict[str, Any]) -> Any:
    if scope == "todo":
        return queries.waiting(request.user)
    if scope == "wrong":
        wrong = NonConformance.objects.visible_to(request.user).open().filter(stage="outbound")
        return wrong.select_related("parcel__order", "merchant").order_by("opened_at", "id")
    return queries.find(request.user, verdict=given.get("verdict", ""), q=given.get("q", ""))


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one check: every answer with its photographs, the verdict, and the proof that it stands in the evidence."""
    check = get_object_or_404(queries.find(request.user), pk=pk)
    photos = queries.photos_of(check.photos.select_related("file").order_by("id"))
    context = {
        "check": check,
        "answers": queries.answered(queries.points_of(check.checklists), check.answers, check.because, photos),
        "proofs": queries.proofs_of(check),
        "wrong": NonConformance.objects.filter(stage="outbound", source_id=check.pk).first(),
    }
    return render(request, "qc/checks/check.html", context)


@require_GET
def station(request: SignedIn) -> HttpResponse:
    """Show the checking station; with ``code``, go to the parcel that was scanned; with ``done``, say what became of the last."""
    form = ScanForm(request.GET)
    code = form.cleaned_data["code"] if form.is_valid() else ""
    parcel = queries.scanned(request.user, code) if code else None
    if parcel and request.htmx:
        return push_url(_questions(request, parcel), reverse("checks:work", args=[parcel.pk]))
    if parcel:
        return HttpResponseRedirect(reverse("checks:work", args=[parcel.pk]))
    wrong = _("No parcel here has the number %(code)s.") % {"code": code} if code else ""
    done = request.GET.get("done", "")
    last = queries.find(request.user).filter(pk=int(done)).first() if done.isascii() and done.isdigit() and len(done) < 18 else None
    return _station(request, {"wrong": wrong, "last": last}, ok=False if wrong else None)


@require_http_methods(["GET", "POST"])
def shares(request: SignedIn) -> HttpResponse:
    """Show which share of parcels is checked and how the draws went (GET); set a share (POST)."""
    if request.method == "GET":
        return _shares(request, ShareForm())
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _shares(request, form, status=422)
    try:
        actions.set_share(actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _shares(request, form, status=refused.status)
    messages.success(request, _("The share is set."))
    return HttpResponseRedirect(reverse("checks:shares"))


def _shares(request: SignedIn, form: ShareForm, *, status: int = 200) -> HttpResponse:
    today = timezone.now().astimezone(SHANGHAI).date()
    days = [(day, day.shown_seed(today)) for day in queries.draw_days(request.user)]
    may_set = request.user.role in (Role.QC_LEAD, Role.PLATFORM_ADMIN)
    names = dict(Category.objects.named())
    shown = [(one, names.get(one.category, one.category)) for one in queries.shares(request.user)]
    context = {"shares": shown, "days": days, "form": form, "may_set": may_set}
    return render(request, "qc/checks/shares.html", context, status=status)


@require_http_methods(["GET", "POST"])
def work(request: SignedIn, pk: int) -> HttpResponse:
    """Check one packed parcel: an answer to every point, then one press."""
    parcel = get_object_or_404(Parcel.objects.visible_to(request.user), pk=pk)
    return _record(request, parcel) if request.method == "POST" else _questions(request, parcel)


def _questions(request: SignedIn, parcel: Parcel) -> HttpResponse:
    """Ask what is to be looked at on a parcel, or say why nothing is."""
    asked = _asked(parcel)
    if asked is None:
        return _not_waiting(request, parcel, status=200)
    return _station(request, {"parcel": parcel, "asked": asked, "form": AnswersForm(points=asked.points)}, ok=True)


def _record(request: SignedIn, parcel: Parcel) -> HttpResponse:
    asked, now = _asked(parcel), timezone.now()
    if asked is None:
        return _not_waiting(request, parcel, status=409)
    context = {"parcel": parcel, "asked": asked}
    form = AnswersForm(request.POST, request.FILES, points=asked.points)
    if not form.is_valid():
        return _station(request, context | {"form": form}, ok=False, status=422)
    kept = form.kept()
    try:
        new = actions.store_pictures(form.uploads(), actor=request.user, at=now)
        kept = {point: [*ids, *new.get(point, [])] for point, ids in kept.items()}
        entry = ParcelCheck(parcel.pk, form.answers(), {point: ids for point, ids in kept.items() if ids}, form.cleaned_data["note"])
        check = actions.check_parcels([entry], actor=request.user, at=now)[0]
    except Refused as refused:
        form = again(request, kept, points=asked.points)
        return _station(request, context | {"form": form, "wrong": str(refused)}, ok=False, status=refused.status)
    if request.htmx:
        return push_url(_station(request, {"last": check}, ok=check.has_passed), reverse("checks:station"))
    return HttpResponseRedirect(reverse("checks:station") + f"?done={check.pk}")


def _asked(parcel: Parcel) -> queries.Asked | None:
    today = timezone.now().astimezone(SHANGHAI).date()
    found = queries.questions_for([parcel.pk], days={parcel.pk: today}).get(parcel.pk)
    return found if parcel.state == ParcelState.PACKED else None


def _not_waiting(request: SignedIn, parcel: Parcel, *, status: int) -> HttpResponse:
    wrong = _("Parcel %(parcel)s is not waiting for a check: it is now “%(state)s”.")
    return _station(request, {"wrong": wrong % {"parcel": parcel.code, "state": parcel.get_state_display()}}, ok=False, status=status)


def again(request: SignedIn, kept: dict[str, list[int]], **given: Any) -> AnswersForm:
    """Return what was answered, to be pressed again, with the photographs that are stored already."""
    data = request.POST.copy()
    for point, ids in kept.items():
        data[f"k-{point}"] = ",".join(map(str, ids))
    form = AnswersForm(data, **given)
    form.is_valid()
    return form


def _station(request: SignedIn, context: dict[str, Any], *, ok: bool | None = None, status: int = 200) -> HttpResponse:
    """Answer at the station; what was right or wrong is heard too."""
    template = "qc/checks/_station.html" if request.htmx else "qc/checks/station.html"
    queue = list(queries.waiting(request.user)[:QUEUED])
    response = render(request, template, context | {"queue": queue, "now": timezone.now()}, status=status)
    return response if ok is None else trigger_client_event(response, "scanned", {"ok": ok})
