"""The reviewer's pages: a queue by due time, and one page with everything in view."""

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
from django_htmx.http import HttpResponseClientRedirect

from assurance.enrollment import actions, queries
from assurance.enrollment.comparing import changed
from assurance.enrollment.forms import TABS, ReviewForm, WithdrawForm
from assurance.enrollment.hurdles import doubts
from assurance.enrollment.models import Enrolment
from assurance.qualification.queries import standing
from assurance.roles import Role
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.types import SignedIn


@require_GET
def queue(request: SignedIn) -> HttpResponse:
    """List what waits for review, by due time; or what was decided."""
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in dict(TABS) else "waiting"
    page = page_of(request, queries.queue(request.user, tab=tab))
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "enrollment/_queue_rows.html" if only_rows else "enrollment/queue.html"
    return render(request, template, {"page": page, "tab": tab, "tabs": TABS, "now": timezone.now()})


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one case with everything that is needed to decide it."""
    return _page(request, _found(request, pk))


@require_POST
def claim(request: SignedIn, pk: int) -> HttpResponse:
    """Take a case."""
    enrolment = _found(request, pk)
    actions.claim(enrolment_id=enrolment.pk, actor=request.user, at=timezone.now())
    return _go(request, reverse("enrollment:review", args=[enrolment.pk]))


@require_POST
def release(request: SignedIn, pk: int) -> HttpResponse:
    """Hand a case back."""
    enrolment = _found(request, pk)
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.release_claim(enrolment_id=enrolment.pk, reason=reason, actor=request.user, at=timezone.now())
    messages.success(request, _("Handed back to the queue."))
    return _go(request, reverse("enrollment:queue"))


@require_POST
def approve(request: SignedIn, pk: int) -> HttpResponse:
    """Let the product in."""
    enrolment = _found(request, pk)
    actions.approve(enrolment_id=enrolment.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("Approved."))
    return _go(request, reverse("enrollment:queue"))


@require_POST
def return_for_changes(request: SignedIn, pk: int) -> HttpResponse:
    """Give it back with reasons."""
    return _decide(request, pk, actions.return_for_changes, _("Returned for changes."))


@require_POST
def reject(request: SignedIn, pk: int) -> HttpResponse:
    """Refuse it with reasons."""
    return _decide(request, pk, actions.reject, _("Rejected."))


def _decide(request: SignedIn, pk: int, decide: Callable[..., Enrolment], done: str) -> HttpResponse:
    enrolment = _found(request, pk)
    form = ReviewForm(request.POST, lines=queries.lines(enrolment))
    if not form.is_valid():
        return _page(request, enrolment, form, status=422)
    try:
        decide(enrolment_id=enrolment.pk, reasons=form.reasons(), actor=request.user, at=timezone.now())
    except actions.BadReasons as refused:
        form.add_refusal(refused.code, str(refused), refused.field or "")
        return _page(request, enrolment, form, status=422)
    messages.success(request, done)
    return _go(request, reverse("enrollment:queue"))


def _found(request: SignedIn, pk: int) -> Enrolment:
    visible = Enrolment.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("product__category", "merchant", "claimed_by"), pk=pk)


def _page(request: SignedIn, enrolment: Enrolment, form: ReviewForm | None = None, status: int = 200) -> HttpResponse:
    lines = form.lines if form else queries.lines(enrolment)
    category = enrolment.product.category
    context = {
        "enrolment": enrolment,
        "form": form or ReviewForm(lines=lines),
        "lines": lines,
        "changed": changed(enrolment),
        "history": queries.history(enrolment),
        "picture": queries.picture_of(enrolment),
        "standing": standing(enrolment.merchant, at=timezone.now()),
        "doubts": doubts([enrolment.product], at=timezone.now()).get(enrolment.product_id, []) if enrolment.is_waiting else [],
        "is_mine": enrolment.claimed_by_id == request.user.pk,
        "is_waiting": enrolment.is_waiting,
        "may_release": enrolment.claimed_by_id and request.user.role == Role.PLATFORM_ADMIN,
        "aql": f"{category.aql_major} / {category.aql_minor}",
        "badge_days": ngettext("%(n)s day", "%(n)s days", category.badge_days) % {"n": category.badge_days},
    }
    template = "enrollment/_case.html" if request.htmx else "enrollment/case.html"
    return render(request, template, context, status=status)


def _go(request: SignedIn, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
