"""The rules of entry by version; the administrator publishes a new one after he saw whom it hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from assurance.calendar import SHANGHAI
from assurance.qualification import actions, queries
from assurance.qualification.forms import RulesForm
from assurance.qualification.models import EntryRules

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation
    from assurance.accounts.types import SignedIn


@require_GET
def show(request: SignedIn) -> HttpResponse:
    """Show every version, the newest first."""
    found = EntryRules.objects.visible_to(request.user).order_by("-from_date", "-id")
    in_force = queries.rules_at(timezone.localdate(timezone.now(), SHANGHAI))
    context = {"versions": [(one, queries.shown_terms(one)) for one in found], "in_force": in_force}
    return render(request, "qualification/rules.html", context)


@require_http_methods(["GET", "POST"])
def publish(request: SignedIn) -> HttpResponse:
    """Publish a new version; first comes the list of those it hits."""
    newest = queries.newest_rules()
    if newest is None:
        raise Http404
    form = RulesForm(request.POST or None, rules=newest)
    if request.method == "GET" or not form.is_valid():
        return _form(request, form, [], status=422 if form.is_bound else 200)
    try:
        made = actions.publish_rules(
            version=form.cleaned_data["version"],
            from_date=form.cleaned_data["from_date"],
            floors=form.floors(),
            changed=form.changed(),
            because=form.cleaned_data["because"],
            accepts=form.accepted,
            actor=request.user,
            at=timezone.now(),
        )
    except actions.UnseenList as refused:
        form.data = {**dict(form.data.items()), "accepts": ",".join(one.code for one in refused.hit)}
        return _form(request, form, refused.hit, status=409)
    except (actions.RulesTooEarly, actions.RulesDiffer) as refused:
        form.add_error(refused.field, str(refused))
        return _form(request, form, [], status=422)
    messages.success(request, _("Version %(version)s is published.") % {"version": made.version})
    return HttpResponseRedirect(reverse("qualification:rules"))


def _form(request: SignedIn, form: RulesForm, hit: list[Organisation], *, status: int) -> HttpResponse:
    return render(request, "qualification/rules_form.html", {"form": form, "hit": hit}, status=status)
