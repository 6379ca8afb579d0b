"""The books: fee runs, closing months, what has no price, the cards."""

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
from assurance.fees.forms import CloseMonthForm, StatementFilterForm
from assurance.fees.models import RateCard, RatingDue, Statement
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_POST
def start_run(request: SignedIn) -> HttpResponse:
    """Rate everything that waits, with a progress bar."""
    run = actions.start_fee_run(actor=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("runs:show", args=[run.pk]))


@require_POST
def close_month(request: SignedIn) -> HttpResponse:
    """Close a month for every merchant, with a progress bar."""
    form = CloseMonthForm(request.POST)
    if not form.is_valid():
        page = page_of(request, queries.find(request.user))
        context = {"page": page, "form": StatementFilterForm(), "closing": form}
        return render(request, "fees/statement_list.html", context, status=422)
    run = actions.start_closing(month=form.cleaned_data["month"], actor=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("runs:show", args=[run.pk]))


@require_POST
def finalise(request: SignedIn, pk: int) -> HttpResponse:
    """Close one statement."""
    found = get_object_or_404(Statement.objects.visible_to(request.user), pk=pk)
    actions.finalise([found], actor=request.user, at=timezone.now())
    messages.success(request, _("%(statement)s is final. It never changes again.") % {"statement": found.code})
    return HttpResponseRedirect(reverse("fees:statement", args=[found.pk]))


@require_GET
def unrated(request: SignedIn) -> HttpResponse:
    """List what has no price yet, what could not be priced first."""
    found = RatingDue.objects.visible_to(request.user).select_related("operation", "merchant").order_by("tried_at", "pk")
    page = page_of(request, found)
    return render(request, "fees/_unrated_rows.html" if request.htmx else "fees/unrated.html", {"page": page})


@require_GET
def cards(request: SignedIn) -> HttpResponse:
    """Show every rate card, the one in force first."""
    found = RateCard.objects.visible_to(request.user).prefetch_related("rates").order_by("-from_date", "-id")
    return render(request, "fees/card_list.html", {"cards": found, "today": timezone.localdate()})
