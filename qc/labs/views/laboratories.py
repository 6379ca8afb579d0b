"""The page of laboratories: what each is accredited for, until when, at what price – and who is too close to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.refusals import Refused
from assurance.web.pagination import page_of
from qc.labs import actions
from qc.labs.forms import EndForm, ScopeForm, TieForm
from qc.labs.queries import houses

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def scope_list(request: SignedIn) -> HttpResponse:
    """List what laboratories may do."""
    return _list(request, TieForm())


@require_http_methods(["GET", "POST"])
def add_scope(request: SignedIn) -> HttpResponse:
    """Write down one line of an accreditation."""
    form = ScopeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_scopes([form.terms()], actor=request.user, at=timezone.now())
        except Refused as refused:
            name = (refused.field or "").rsplit(".", 1)[-1]
            form.add_error(name if name in form.fields else None, ValidationError(str(refused), code=refused.code))
        else:
            messages.success(request, _("The accreditation is written down."))
            return HttpResponseRedirect(reverse("labs:scopes"))
    return render(request, "qc/labs/scope_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def end_scope(request: SignedIn, pk: int) -> HttpResponse:
    """Bring the last day of a line forward."""
    scope = get_object_or_404(houses.scopes_of(request.user), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_scope(scope_id=scope.pk, **form.cleaned_data, actor=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, ValidationError(str(refused), code=refused.code))
        else:
            messages.success(request, _("The accreditation ends earlier."))
            return HttpResponseRedirect(reverse("labs:scopes"))
    context = {"form": form, "scope": scope, "names": houses.test_names()}
    return render(request, "qc/labs/scope_end.html", context, status=422 if form.errors else 200)


@require_POST
def declare_tie(request: SignedIn) -> HttpResponse:
    """Write down that a laboratory and a merchant are close to each other."""
    form = TieForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    given = form.cleaned_data
    tie = actions.TieTerms(int(given["lab"]), int(given["merchant"]), given["because"])
    actions.declare_ties([tie], actor=request.user, at=timezone.now())
    messages.success(request, _("Written down. This laboratory tests none of this merchant's goods any more."))
    return HttpResponseRedirect(reverse("labs:scopes"))


def _list(request: SignedIn, form: TieForm, *, status: int = 200) -> HttpResponse:
    page = page_of(request, houses.scopes_of(request.user))
    names = houses.test_names()
    rows = [(scope, names.get(scope.test)) for scope in page.object_list]
    context = {"page": page, "rows": rows, "ties": houses.ties_of(request.user), "form": form, "today": timezone.localdate()}
    return render(request, "qc/labs/scope_list.html", context, status=status)
