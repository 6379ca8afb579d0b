"""The pages of samples: lists by what is to be done, and one page per sample with its next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from assurance.refusals import Refused
from assurance.web.pagination import page_of
from qc.labs import actions, forms
from qc.labs.models import Sample
from qc.labs.queries import pages
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from django import forms as django_forms

    from assurance.accounts.types import SignedIn


@require_GET
def sample_list(request: SignedIn) -> HttpResponse:
    """List samples: what waits for the reader by due time, what is late, what is published. A code that was scanned opens its sample."""
    scopes = pages.scopes_of(request.user)
    form = forms.FilterForm(request.GET)
    is_valid = form.is_valid()
    given = form.cleaned_data if is_valid else {}
    q = given.get("q", "")
    asked = str(given.get("scope") or "")
    scope = asked if asked in scopes else "all" if q else next(iter(scopes))
    found = pages.find(request.user, scope=scope, q=q, at=timezone.now()) if is_valid else Sample.objects.none()
    page = page_of(request, found)
    if q and not request.htmx and len(page.object_list) == 1:
        return HttpResponseRedirect(reverse("labs:show", args=[page.object_list[0].pk]))
    template = "qc/labs/_sample_rows.html" if _only_rows(request) else "qc/labs/sample_list.html"
    context = {"page": page, "form": form, "scope": scope, "scopes": scopes, "now": timezone.now()}
    return render(request, template, context, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one sample with its next step."""
    return _page(request, _find(request, pk))


@require_GET
def of_lot(request: SignedIn, pk: int) -> HttpResponse:
    """Draw the samples of a lot, for its page on the floor below."""
    lot = get_object_or_404(Lot.objects.visible_to(request.user), pk=pk)
    samples = Sample.objects.visible_to(request.user).filter(lot=lot).select_related("lab").order_by("id")
    return render(request, "qc/labs/_of_lot.html", {"samples": samples})


@require_POST
def draw(request: SignedIn, pk: int) -> HttpResponse:
    """Take the units from the shelf."""
    sample, form = _find(request, pk), forms.PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, sample, place_form=form)
    actions.draw([actions.Taking(sample.pk, form.cleaned_data["place"])], actor=request.user, at=timezone.now())
    return _done(request, sample, _("Taken. Seal sample and counter-sample now."))


@require_POST
def seal(request: SignedIn, pk: int) -> HttpResponse:
    """Write down both seals."""
    sample, form = _find(request, pk), forms.SealForm(request.POST)
    if not form.is_valid():
        return _page(request, sample, seal_form=form)
    try:
        actions.seal([actions.Sealing(sample.pk, **form.cleaned_data)], actor=request.user, at=timezone.now())
    except Refused as refused:
        if not _put(form, refused):
            raise
        return _page(request, sample, seal_form=form)
    return _done(request, sample, _("Sealed. It can be sent."))


@require_POST
def dispatch(request: SignedIn, pk: int) -> HttpResponse:
    """Send it to the best laboratory, or to the one that was chosen."""
    sample, form = _find(request, pk), forms.DispatchForm(request.POST)
    if not form.is_valid():
        return _page(request, sample, dispatch_form=form)
    try:
        [sent] = actions.dispatch([actions.Dispatching(sample.pk, form.lab_id())], actor=request.user, at=timezone.now())
    except Refused as refused:
        if not _put(form, refused):
            raise
        return _page(request, sample, dispatch_form=form)
    return _done(request, sample, _("Sent to %(lab)s.") % {"lab": sent.lab.name if sent.lab else ""})


@require_POST
def void(request: SignedIn, pk: int) -> HttpResponse:
    """Give a sample up before it leaves."""
    sample, form = _find(request, pk), forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, sample, void_form=form)
    actions.void([actions.Voiding(sample.pk, form.cleaned_data["reason"])], actor=request.user, at=timezone.now())
    return _done(request, sample, _("The sample is void."))


@require_POST
def receive(request: SignedIn, pk: int) -> HttpResponse:
    """Take a sample in at the laboratory by its seal."""
    sample, form = _find(request, pk), forms.ReceiveForm(request.POST)
    if not form.is_valid():
        return _page(request, sample, receive_form=form)
    [there] = actions.receive([actions.Arriving(sample.pk, **form.cleaned_data)], actor=request.user, at=timezone.now())
    if there.state == "voided":
        return _done(request, sample, _("This is no sample any more. A new one is asked for."), level=messages.WARNING)
    return _done(request, sample, _("The sample is here."))


@require_POST
def begin(request: SignedIn, pk: int) -> HttpResponse:
    """Open the sample and begin."""
    sample = _find(request, pk)
    actions.begin_testing([sample.pk], actor=request.user, at=timezone.now())
    return _done(request, sample)


@require_POST
def enter(request: SignedIn, pk: int) -> HttpResponse:
    """Write results down."""
    sample = _find(request, pk)
    page = pages.sample_page(sample, request.user, at=timezone.now())
    form = forms.ResultsForm(request.POST, page=page)
    if not form.is_valid():
        return _page(request, sample, results_form=form)
    try:
        actions.enter_results(form.found(sample.pk), actor=request.user, at=timezone.now())
    except Refused as refused:
        place, name = (refused.field or "items.-1.").split(".")[1:3]
        field = f"{form.codes()[int(place)]}-{name}" if place.isdigit() else ""
        if field not in form.fields:
            raise
        form.add_error(field, ValidationError(str(refused), code=refused.code))
        return _page(request, sample, results_form=form)
    return _done(request, sample, _("Written down."))


@require_POST
def verify(request: SignedIn, pk: int) -> HttpResponse:
    """Confirm the results that were seen, or send some back."""
    sample = _find(request, pk)
    page = pages.sample_page(sample, request.user, at=timezone.now())
    form = forms.VerifyForm(request.POST, seen=page.result_ids)
    if not form.is_valid():
        return _page(request, sample, verify_form=form)
    item = actions.Confirming(sample.pk, form.ids("results"), form.ids("returned"), form.cleaned_data["reason"])
    try:
        actions.verify([item], actor=request.user, at=timezone.now())
    except Refused as refused:
        if not _put(form, refused):
            raise
        return _page(request, sample, verify_form=form)
    return _done(request, sample, _("Sent back.") if item.returned else _("Confirmed."))


@require_POST
def publish(request: SignedIn, pk: int) -> HttpResponse:
    """Publish what was verified."""
    sample = _find(request, pk)
    actions.publish([sample.pk], actor=request.user, at=timezone.now())
    return _done(request, sample, _("Published."))


@require_POST
def retest(request: SignedIn, pk: int) -> HttpResponse:
    """Order the retest that the rule allows."""
    sample, form = _find(request, pk), forms.ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, sample, retest_form=form)
    [again] = actions.order_retest([actions.Retesting(sample.pk, form.cleaned_data["reason"])], actor=request.user, at=timezone.now())
    return _done(request, again, _("The counter-sample is to be sent to another laboratory."))


def _find(request: SignedIn, pk: int) -> Sample:
    return get_object_or_404(pages.find(request.user), pk=pk)


def _only_rows(request: SignedIn) -> bool:
    return bool(request.htmx and not request.htmx.history_restore_request)


def _page(request: SignedIn, sample: Sample, **bound: django_forms.Form) -> HttpResponse:
    """Show the page; with a form that was not right, again with what was typed."""
    page = pages.sample_page(sample, request.user, at=timezone.now())
    fresh: dict[str, Any] = {
        "place_form": forms.PlaceForm(),
        "seal_form": forms.SealForm(),
        "dispatch_form": forms.DispatchForm(),
        "receive_form": forms.ReceiveForm(),
        "void_form": forms.ReasonForm(),
        "retest_form": forms.ReasonForm(),
        "results_form": forms.ResultsForm(page=page),
        "verify_form": forms.VerifyForm(seen=page.result_ids),
    }
    context = {"page": page, "sample": sample, "now": timezone.now(), **fresh, **bound}
    return render(request, "qc/labs/sample.html", context, status=422 if bound else 200)


def _put(form: django_forms.Form, refused: Refused) -> bool:
    """Write a refusal beside the field it is about; say whether there is one that shows."""
    name = (refused.field or "").rsplit(".", 1)[-1]
    if name not in form.fields or form.fields[name].widget.is_hidden:
        return False
    form.add_error(name, ValidationError(str(refused), code=refused.code))
    return True


def _done(request: SignedIn, sample: Sample, said: str = "", *, level: int = messages.SUCCESS) -> HttpResponse:
    """Go to the sample's page; who may not see it any more goes to the list."""
    if said:
        messages.add_message(request, level, said)
    address = reverse("labs:show", args=[sample.pk])
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
