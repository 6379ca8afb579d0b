"""The boards of quality: severities with what caused them, figures, plans, corrective actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assurance.products.models import Product
from assurance.refusals import Refused
from assurance.roles import MERCHANT
from assurance.web.pagination import page_of
from qc.inspections.models import ClassSeverity, Inspection
from qc.inspections.queries import severity_board
from qc.inspections.queries.severities import with_switches
from qc.quality import actions, queries
from qc.quality.forms import BoardForm, DecideForm, FiguresForm, SubmitForm
from qc.quality.lifecycle import ActionState

if TYPE_CHECKING:
    from django import forms

    from assurance.accounts.types import SignedIn
    from qc.quality.models import CorrectiveAction


@require_GET
def board(request: SignedIn) -> HttpResponse:
    """Show how strictly each product is inspected, and the lots that made it so."""
    form = BoardForm(request.GET)
    is_valid = form.is_valid()
    found = (
        severity_board(request.user, q=form.cleaned_data["q"], severity=form.cleaned_data["severity"])
        if is_valid
        else ClassSeverity.objects.none()
    )
    page = page_of(request, found)
    demanded = queries.open_by_place(request.user)
    rows = [(one, demanded.get((one.severity.product_id, one.severity.warehouse_id))) for one in with_switches(page.object_list)]
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "qc/quality/_board.html" if only_rows else "qc/quality/board.html"
    return render(request, template, {"page": page, "rows": rows, "form": form}, status=200 if is_valid else 400)


@require_GET
def figures(request: SignedIn) -> HttpResponse:
    """Show which defects make the most of the trouble, and which lots are out of control."""
    form = FiguresForm(request.GET)
    number = form.cleaned_data.get("product") if form.is_valid() else None
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=number) if number else None
    context = {"figures": queries.figures(request.user, product=product, at=timezone.now()), "product": product}
    return render(request, "qc/quality/figures.html", context)


@require_GET
def plan(request: SignedIn, pk: int) -> HttpResponse:
    """Show how well the plan of an inspection tells good lots from bad."""
    inspections = Inspection.objects.visible_to(request.user).select_related("lot", "product", "merchant")
    inspection = get_object_or_404(inspections, pk=pk)
    curves = queries.curves(inspection)
    data = [{"name": str(one.name), "points": one.points} for one in curves]
    return render(request, "qc/quality/plan.html", {"inspection": inspection, "curves": curves, "data": data})


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one corrective action."""
    return _show(request, _action(request, pk))


@require_POST
def submit(request: SignedIn, pk: int) -> HttpResponse:
    """Say what the cause was and what was changed."""
    row, form = _action(request, pk), SubmitForm(request.POST)
    if not form.is_valid():
        return _show(request, row, submitting=form, status=422)
    try:
        actions.submit(corrective_action_id=row.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        return _show(request, row, submitting=_refused(form, refused), status=refused.status)
    messages.success(request, _("Submitted. Another person decides."))
    return _back(row)


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Approve a corrective action or send it back."""
    row, form = _action(request, pk), DecideForm(request.POST)
    if not form.is_valid():
        return _show(request, row, deciding=form, status=422)
    verb = actions.approve if form.cleaned_data["answer"] == "approve" else actions.send_back
    try:
        verb(corrective_action_id=row.pk, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    except Refused as refused:
        return _show(request, row, deciding=_refused(form, refused), status=refused.status)
    messages.success(request, _("Decided."))
    return _back(row)


def _action(request: SignedIn, pk: int) -> CorrectiveAction:
    return get_object_or_404(queries.find(request.user), pk=pk)


def _back(row: CorrectiveAction) -> HttpResponse:
    return HttpResponseRedirect(reverse("quality:show", args=[row.pk]))


def _refused(form: forms.Form, refused: Refused) -> forms.Form:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return form


def _show(
    request: SignedIn,
    row: CorrectiveAction,
    *,
    submitting: forms.Form | None = None,
    deciding: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    row = _action(request, row.pk)
    may_submit = row.state == ActionState.DEMANDED and request.user.role in MERCHANT
    may_decide = row.state == ActionState.SUBMITTED and queries.may_judge(request.user)
    again = {"cause": row.cause, "plan": row.plan}
    context = {
        "row": row,
        "submitting": (submitting or SubmitForm(initial=again)) if may_submit else None,
        "deciding": (deciding or DecideForm()) if may_decide else None,
        "history": with_switches([row.severity]),
    }
    return render(request, "qc/quality/show.html", context, status=status)
