"""What failed: the list by deadline, and one with its decisions, where they are asked for, taken and carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assurance.files.actions import store
from assurance.files.sniffing import PICTURES
from assurance.refusals import Refused
from assurance.roles import FLOOR, MERCHANT, Role
from assurance.web.pagination import page_of
from qc.nonconformance import actions, queries
from qc.nonconformance.actions import Proof
from qc.nonconformance.forms import CarryForm, DecideForm, FilterForm, RequestForm
from qc.nonconformance.lifecycle import DispositionState
from qc.nonconformance.models import Disposition, NonConformance

if TYPE_CHECKING:
    from django import forms

    from assurance.accounts.types import SignedIn


@require_GET
def non_conformance_list(request: SignedIn) -> HttpResponse:
    """List what failed: what is open by its deadline."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    scope = (form.cleaned_data.get("scope") if is_valid else "") or "open"
    found = queries.find(request.user, scope=scope, q=form.cleaned_data["q"]) if is_valid else NonConformance.objects.none()
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "qc/nonconformance/_rows.html" if only_rows else "qc/nonconformance/list.html"
    context = {"page": page_of(request, found), "form": form, "scope": scope, "scopes": queries.SCOPES, "now": timezone.now()}
    return render(request, template, context, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one with what was found, what was decided, and what has moved."""
    return _sheet(request, _row(request, pk))


@require_POST
def request_disposition(request: SignedIn, pk: int) -> HttpResponse:
    """Ask for what should become of some units."""
    row = _row(request, pk)
    sheet = queries.sheet(row)
    form = RequestForm(request.POST, kinds=sheet.kinds)
    if not form.is_valid():
        return _sheet(request, row, asking=form, status=422)
    try:
        made = actions.request_disposition(non_conformance_id=row.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return _sheet(request, row, asking=_refused(form, refused), status=refused.status)
    done = _("Decided.") if made.state == DispositionState.APPROVED else _("Asked for. Another person decides.")
    messages.success(request, done)
    return _back(row.pk)


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Answer a request, take it back, or end a decision."""
    one = _disposition(request, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _sheet(request, one.non_conformance, deciding=(one.pk, form), status=422)
    answer, reason = form.cleaned_data["answer"], form.cleaned_data["reason"]
    given: dict[str, Any] = {"disposition_id": one.pk, "actor": request.user, "at": timezone.now()}
    if answer != "withdraw":
        given["reason"] = reason
    verbs: dict[str, Any] = {"approve": actions.approve, "refuse": actions.refuse, "withdraw": actions.withdraw, "end": actions.end}
    try:
        verbs[answer](**given)
    except Refused as refused:
        return _sheet(request, one.non_conformance, deciding=(one.pk, _refused(form, refused)), status=refused.status)
    messages.success(request, _("Decided."))
    return _back(one.non_conformance_id)


@require_POST
def carry_out(request: SignedIn, pk: int) -> HttpResponse:
    """Move goods as decided."""
    one, now = _disposition(request, pk), timezone.now()
    form = CarryForm(request.POST, request.FILES, people=queries.witnesses_for(request.user))
    if not form.is_valid():
        return _sheet(request, one.non_conformance, carrying=(one.pk, form), status=422)
    told = form.cleaned_data
    try:
        photo = told["photo"] and store(
            organisation=request.user.organisation,
            uploaded_by=request.user,
            data=told["photo"].read(),
            shown_name=told["photo"].name,
            at=now,
            accept=PICTURES,
            field="photo",
        )
        proof = Proof(int(told["witness"]) if told["witness"] else None, photo.pk if photo else None, told["certificate_number"])
        actions.carry_out(
            disposition_id=one.pk,
            quantity=told["quantity"],
            sorted_out=told["sorted_out"] or 0,
            proof=proof,
            actor=request.user,
            at=now,
        )
    except Refused as refused:
        return _sheet(request, one.non_conformance, carrying=(one.pk, _refused(form, refused)), status=refused.status)
    messages.success(request, _("The goods have moved."))
    return _back(one.non_conformance_id)


def _row(request: SignedIn, pk: int) -> NonConformance:
    return get_object_or_404(queries.find(request.user), pk=pk)


def _disposition(request: SignedIn, pk: int) -> Disposition:
    return get_object_or_404(Disposition.objects.visible_to(request.user).select_related("non_conformance"), pk=pk)


def _refused(form: forms.Form, refused: Refused) -> forms.Form:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return form


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("nonconformance:show", args=[pk]))


def _sheet(
    request: SignedIn,
    row: NonConformance,
    *,
    asking: forms.Form | None = None,
    deciding: tuple[int, forms.Form] | None = None,
    carrying: tuple[int, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show one with its forms; one of them may come back with what is wrong."""
    sheet = queries.sheet(queries.find(request.user).get(pk=row.pk))
    role = request.user.role
    people = queries.witnesses_for(request.user) if role in FLOOR else []
    may_ask = sheet.may_be_decided and role in MERCHANT | {Role.QC_LEAD}
    rows = []
    for one in sheet.dispositions:
        is_own = one.requested_by is not None and one.requested_by.organisation_id == request.user.organisation_id
        is_lead = role in {Role.QC_LEAD, Role.PLATFORM_ADMIN}
        rows.append(
            {
                "one": one,
                "may_decide": one.state == DispositionState.REQUESTED and is_lead and one.requested_by_id != request.user.pk,
                "may_withdraw": one.state == DispositionState.REQUESTED and is_own,
                "may_end": one.state == DispositionState.APPROVED and is_lead,
                "may_carry": one.state == DispositionState.APPROVED and role in FLOOR,
                "deciding": deciding[1] if deciding and deciding[0] == one.pk else DecideForm(),
                "carrying": carrying[1] if carrying and carrying[0] == one.pk else CarryForm(people=people, initial={"quantity": one.left}),
            }
        )
    first = RequestForm(kinds=sheet.kinds, initial={"quantity": sheet.row.undecided})
    context = {"sheet": sheet, "row": sheet.row, "rows": rows, "form": (asking or first) if may_ask else None, "now": timezone.now()}
    return render(request, "qc/nonconformance/show.html", context, status=status)
