"""The reviewer's queue of certificates, and the administrator's conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.certificates import actions, queries
from assurance.certificates.forms import ConflictFilterForm, ConflictForm, DecisionForm
from assurance.certificates.models import Certificate, CertificateConflict
from assurance.certificates.views.merchant import page as certificate_page
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assurance.accounts.types import SignedIn

VERDICTS: Final[Mapping[str, Callable[..., Certificate]]] = {
    "verify": actions.verify,
    "reject": actions.reject,
    "suspend": actions.suspend,
    "withdraw": actions.withdraw,
    "reinstate": actions.reinstate,
}


@require_GET
def queue(request: SignedIn) -> HttpResponse:
    """List what waits for verification, the oldest first."""
    page = page_of(request, queries.queue(request.user))
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "certificates/_queue_rows.html" if only_rows else "certificates/queue.html"
    return render(request, template, {"page": page, "rows": queries.rows(page.object_list, at=timezone.now())})


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Decide a certificate; the button says how."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return certificate_page(request, pk, decision_form=form)
    verdict = request.POST.get("verdict", "")
    step = VERDICTS.get(verdict)
    if step is None:
        form.add_error(None, _("Choose what you decide."))
        return certificate_page(request, pk, decision_form=form)
    try:
        step(certificate_id=certificate.pk, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    except (actions.NoReason, actions.OtherHolder) as refused:
        form.add_error("reason", str(refused))
        return certificate_page(request, pk, decision_form=form)
    messages.success(request, _("Decided."))
    return HttpResponseRedirect(reverse("certificates:show", args=[certificate.pk]))


@require_GET
def conflict_list(request: SignedIn) -> HttpResponse:
    """List what two merchants claim at once."""
    form = ConflictFilterForm(request.GET)
    is_valid = form.is_valid()
    found = queries.conflicts(request.user, **form.cleaned_data) if is_valid else CertificateConflict.objects.none()
    page = page_of(request, found)
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "certificates/_conflict_rows.html" if only_rows else "certificates/conflict_list.html"
    return render(request, template, {"page": page, "form": form}, status=200 if is_valid else 400)


@require_http_methods(["GET", "POST"])
def conflict(request: SignedIn, pk: int) -> HttpResponse:
    """Show both certificates side by side; an administrator decides here."""
    found = get_object_or_404(queries.conflicts(request.user), pk=pk)
    form = ConflictForm(request.POST) if request.method == "POST" else ConflictForm()
    if form.is_bound and form.is_valid():
        actions.decide_conflict(conflict_id=found.pk, **form.cleaned_data, actor=request.user, at=timezone.now())
        messages.success(request, _("Decided."))
        return HttpResponseRedirect(reverse("certificates:conflict", args=[found.pk]))
    context = {"conflict": found, "form": form, "sides": queries.sides_of(found)}
    return render(request, "certificates/conflict.html", context, status=422 if form.is_bound else 200)
