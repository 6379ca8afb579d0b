"""The rules that watch, how often each was right, and a switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from aftersales.signals import actions, queries
from aftersales.signals.forms import SwitchForm

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def rule_list(request: SignedIn) -> HttpResponse:
    """List the rules with their precision."""
    return render(request, "aftersales/signals/rule_list.html", {"rules": queries.rules_for(request.user)})


@require_http_methods(["GET", "POST"])
def switch(request: SignedIn, rule: str) -> HttpResponse:
    """Switch a rule on or off, with a reason."""
    row = next((one for one in queries.rules_for(request.user) if one.rule == rule), None)
    if row is None:
        raise Http404
    form = SwitchForm(request.POST or None)
    if form.is_valid():
        actions.switch(rule=rule, is_on=not row.is_on, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        return HttpResponseRedirect(reverse("signals:list"))
    return render(request, "aftersales/signals/switch.html", {"row": row, "form": form}, status=422 if form.is_bound else 200)
