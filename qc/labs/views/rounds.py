"""The pages of rounds: what was committed to, what was drawn, and the whole list in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from assurance.web.pagination import page_of
from qc.labs import actions
from qc.labs.forms import RoundForm
from qc.labs.queries import pages

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def round_list(request: SignedIn) -> HttpResponse:
    """List the rounds, and offer to open one."""
    return _list(request, RoundForm())


@require_POST
def open_round(request: SignedIn) -> HttpResponse:
    """Commit to a draw."""
    form = RoundForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    made = actions.open_round(size=form.cleaned_data["size"], actor=request.user, at=timezone.now())
    messages.success(request, _("%(round)s is committed to: its hash is on record.") % {"round": made.code})
    return HttpResponseRedirect(reverse("labs:round", args=[made.pk]))


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one round with every lot that could be drawn."""
    found = get_object_or_404(pages.rounds_of(request.user), pk=pk)
    context = {"round": found, "places": pages.places(found), "samples": found.samples.select_related("lot").order_by("id")}
    return render(request, "qc/labs/round.html", context)


@require_POST
def draw(request: SignedIn, pk: int) -> HttpResponse:
    """Reveal the seed and draw."""
    found = get_object_or_404(pages.rounds_of(request.user), pk=pk)
    drawn = len(actions.draw_round(round_id=found.pk, actor=request.user, at=timezone.now()))
    messages.success(request, ngettext("%(n)s lot was drawn.", "%(n)s lots were drawn.", drawn) % {"n": drawn})
    return HttpResponseRedirect(reverse("labs:round", args=[found.pk]))


def _list(request: SignedIn, form: RoundForm, *, status: int = 200) -> HttpResponse:
    page = page_of(request, pages.rounds_of(request.user))
    return render(request, "qc/labs/round_list.html", {"page": page, "form": form}, status=status)
