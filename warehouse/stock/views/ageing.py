"""Lots near their end, and how much life goods must have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.refusals import Refused
from assurance.web.pagination import page_of
from warehouse.stock import actions, queries
from warehouse.stock.forms import DeedForm, EndingFilterForm, LifeRuleForm
from warehouse.stock.models import EndingLot

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.types import SignedIn


@require_GET
def ending(request: SignedIn) -> HttpResponse:
    """List the lots near their end that the user sees: who looks after each, what was decided."""
    return _ending(request)


@require_POST
def look_after(request: SignedIn, pk: int) -> HttpResponse:
    """Take a lot near its end on."""
    actions.look_after(_found(request, pk).pk, actor=request.user, at=timezone.now())
    messages.success(request, _("You look after this lot now."))
    return HttpResponseRedirect(reverse("stock:ending"))


@require_POST
def decide_ending(request: SignedIn, pk: int) -> HttpResponse:
    """Say what is done with a lot."""
    row = _found(request, pk)
    form = DeedForm(request.POST)
    if not form.is_valid():
        return _ending(request, status=422, deed_form=form)
    actions.decide_ending(row.pk, actor=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("It is decided."))
    return HttpResponseRedirect(reverse("stock:ending"))


@require_http_methods(["GET", "POST"])
def life_rules(request: SignedIn) -> HttpResponse:
    """Show how much life goods must have left (GET); set it from a day on (POST)."""
    if request.method == "GET":
        return _rules(request, LifeRuleForm(initial={"from_date": timezone.localdate().isoformat()}))
    form = LifeRuleForm(request.POST)
    if not form.is_valid():
        return _rules(request, form, status=422)
    given = dict(form.cleaned_data)
    category = given.pop("category")
    try:
        actions.set_life_rule(category_id=category.pk if category else None, actor=request.user, at=timezone.now(), **given)
    except Refused as refused:
        form.add_error(refused.field, str(refused))
        return _rules(request, form, status=refused.status)
    messages.success(request, _("The rule is set."))
    return HttpResponseRedirect(reverse("stock:life-rules"))


def _found(request: SignedIn, pk: int) -> EndingLot:
    return get_object_or_404(EndingLot.objects.visible_to(request.user), pk=pk)


def _ending(request: SignedIn, *, status: int = 200, deed_form: DeedForm | None = None) -> HttpResponse:
    form = EndingFilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() and "state" in request.GET else "open"
    page = page_of(request, queries.ending_lots(request.user, state=state))
    context = {"page": page, "form": EndingFilterForm(initial={"state": state}), "deed_form": deed_form or DeedForm()}
    return render(request, "warehouse/stock/ending.html", context | {"today": timezone.localdate()}, status=status)


def _rules(request: SignedIn, form: LifeRuleForm, *, status: int = 200) -> HttpResponse:
    return render(request, "warehouse/stock/life_rules.html", {"rules": queries.life_rules(), "form": form}, status=status)
