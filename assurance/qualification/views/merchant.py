"""The merchant's page: his papers, his numbers, whether he takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.calendar import SHANGHAI
from assurance.products.models import Product
from assurance.qualification import actions, queries
from assurance.qualification.forms import ApplyForm, PaperForm
from assurance.qualification.models import KIND_CHOICES, QualificationPaper
from assurance.qualification.numbers import PaperKind
from assurance.refusals import Refused

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def show(request: SignedIn) -> HttpResponse:
    """Show papers with their ends, the metrics with formula, floor and own number, and how the merchant takes part."""
    now = timezone.now()
    papers = QualificationPaper.objects.visible_to(request.user).select_related("file").order_by("-id")
    context = {
        "rows": queries.paper_rows(papers, timezone.localdate(now, SHANGHAI)),
        "standing": queries.standing(request.user.organisation, at=now),
        "kinds": KIND_CHOICES,
        "own_entries": queries.product_entries(request.user),
        "today": timezone.localdate(now, SHANGHAI),
    }
    return render(request, "qualification/show.html", context)


@require_http_methods(["GET", "POST"])
def enter(request: SignedIn, kind: str) -> HttpResponse:
    """Enter a paper of one kind; ``?replaces=`` begins with what the older one says."""
    if kind not in list(PaperKind):
        raise Http404
    replaces = _replaced(request, kind)
    if request.method == "GET":
        return _form(request, PaperForm(kind=kind, user=request.user, replaces=replaces), status=200)
    form = PaperForm(request.POST, request.FILES, kind=kind, user=request.user, replaces=replaces)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        entered = actions.enter([form.paper(at=timezone.now())])[0]
    except Refused as refused:
        if not form.add_refusal(refused):
            raise
        return _form(request, form, status=422)
    messages.success(request, _("Entered. A reviewer looks at it."))
    return HttpResponseRedirect(reverse("qualification:paper", args=[entered.pk]))


@require_POST
def apply(request: SignedIn) -> HttpResponse:
    """Apply to take part again, with the whole shop or with one product that was cleared out by itself."""
    form = ApplyForm(request.POST)
    if not form.is_valid():
        raise Http404
    number = form.cleaned_data["product"]
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=number) if number else None
    actions.apply([actions.Applying(request.user, timezone.now(), product.pk if product else None)])
    messages.success(request, _("Applied. A reviewer decides."))
    return HttpResponseRedirect(reverse("qualification:show"))


def _replaced(request: SignedIn, kind: str) -> QualificationPaper | None:
    given = request.GET.get("replaces", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise Http404
    return get_object_or_404(QualificationPaper.objects.visible_to(request.user), pk=int(given), kind=kind)


def _form(request: SignedIn, form: PaperForm, *, status: int) -> HttpResponse:
    context = {"form": form, "kind": queries.paper_kind(form.kind), "replaces": form.replaces}
    return render(request, "qualification/paper_form.html", context, status=status)
