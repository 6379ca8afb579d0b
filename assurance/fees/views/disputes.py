"""Disputes: the merchant asks, the platform answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assurance.fees import actions, queries
from assurance.fees.forms import DecisionForm, DisputeFilterForm, DisputeForm
from assurance.fees.models import Dispute, FeeLine
from assurance.fees.views.statements import line_context
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def dispute_list(request: SignedIn) -> HttpResponse:
    """List the disputes the reader may see, what waits for an answer first."""
    form = DisputeFilterForm(request.GET)
    is_valid = form.is_valid()
    found = queries.find_disputes(request.user, **form.cleaned_data) if is_valid else Dispute.objects.none()
    page = page_of(request, found)
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "fees/_dispute_rows.html" if only_rows else "fees/dispute_list.html"
    return render(request, template, {"page": page, "form": form, "now": timezone.now()}, status=200 if is_valid else 400)


@require_POST
def dispute_line(request: SignedIn, pk: int) -> HttpResponse:
    """Dispute one line with a reason."""
    line = get_object_or_404(FeeLine.objects.visible_to(request.user), pk=pk)
    form = DisputeForm(request.POST)
    if not form.is_valid():
        return render(request, "fees/line.html", line_context(request, pk, form), status=422)
    [made] = actions.dispute([line], reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    messages.success(request, _("%(dispute)s is on its way. You get an answer within five working days.") % {"dispute": made.code})
    return HttpResponseRedirect(reverse("fees:dispute", args=[made.pk]))


@require_GET
def dispute(request: SignedIn, pk: int) -> HttpResponse:
    """Show a dispute beside its line; who decides finds the form here."""
    return render(request, "fees/dispute.html", _context(request, pk, DecisionForm()))


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Accept or reject; the button says which."""
    found = get_object_or_404(Dispute.objects.visible_to(request.user), pk=pk)
    form = DecisionForm(request.POST)
    is_accepted = request.POST.get("verdict") == "accept"
    if not form.is_valid():
        return render(request, "fees/dispute.html", _context(request, pk, form), status=422)
    amount = form.cleaned_data["amount"] if is_accepted else None
    actions.decide([found], accept=is_accepted, answer=form.cleaned_data["answer"], amount=amount, actor=request.user, at=timezone.now())
    said = _("%(dispute)s is accepted, and the credit note is written.") if is_accepted else _("%(dispute)s is rejected.")
    messages.success(request, said % {"dispute": found.code})
    return HttpResponseRedirect(reverse("fees:dispute", args=[found.pk]))


def _context(request: SignedIn, pk: int, form: DecisionForm) -> dict[str, object]:
    found = get_object_or_404(queries.find_disputes(request.user), pk=pk)
    [(_line, noun, name, url)] = queries.sources_of([found.line], request.user)
    return {"dispute": found, "form": form, "now": timezone.now(), "source": {"noun": noun, "name": name, "url": url}}
