"""The reviewer's pages: papers to verify, merchants with their numbers; the administrator clears out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assurance.accounts.models import Organisation
from assurance.calendar import SHANGHAI
from assurance.qualification import actions, queries
from assurance.qualification.forms import LABELS, OBJECTIONS, TABS, ClearOutForm, EvidenceForm, ObjectionForm
from assurance.qualification.models import ProgrammeEntry, QualificationPaper
from assurance.qualification.objections import FIELDS
from assurance.roles import Kind
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.types import SignedIn


@require_GET
def queue(request: SignedIn) -> HttpResponse:
    """List papers: what waits, by their end, or what was decided."""
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in dict(TABS) else "waiting"
    page = page_of(request, queries.queue(request.user, tab=tab))
    rows = queries.paper_rows(page.object_list, timezone.localdate(timezone.now(), SHANGHAI))
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "qualification/_queue_rows.html" if only_rows else "qualification/queue.html"
    return render(request, template, {"page": page, "rows": rows, "tab": tab, "tabs": TABS})


@require_GET
def paper(request: SignedIn, pk: int) -> HttpResponse:
    """Show one paper, the file beside its fields; the reviewer decides here."""
    return _paper(request, _found(request, pk), ObjectionForm())


@require_POST
def verify(request: SignedIn, pk: int) -> HttpResponse:
    """Say that the paper is what it says."""
    found = _found(request, pk)
    actions.verify([found.pk], actor=request.user, at=timezone.now())
    messages.success(request, _("Verified."))
    return HttpResponseRedirect(reverse("qualification:queue"))


@require_POST
def send_back(request: SignedIn, pk: int) -> HttpResponse:
    """Return it with reasons."""
    found = _found(request, pk)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _paper(request, found, form, status=422)
    try:
        actions.send_back(paper_id=found.pk, objections=form.objections(), actor=request.user, at=timezone.now())
    except actions.BadObjections as refused:
        form.add_refusal(refused.code, str(refused), refused.field or "")
        return _paper(request, found, form, status=422)
    messages.success(request, _("Returned for changes."))
    return HttpResponseRedirect(reverse("qualification:queue"))


@require_GET
def merchants(request: SignedIn) -> HttpResponse:
    """List the merchants with entry, verdict and what waits."""
    page = page_of(request, queries.merchants(request.user))
    rows = queries.merchant_rows(page.object_list, at=timezone.now())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "qualification/_merchant_rows.html" if only_rows else "qualification/merchants.html"
    return render(request, template, {"page": page, "rows": rows})


@require_GET
def merchant(request: SignedIn, pk: int) -> HttpResponse:
    """Show one merchant with papers, numbers and entries; an application is decided here."""
    return _merchant(request, _shop(request, pk))


@require_POST
def admit(request: SignedIn, pk: int) -> HttpResponse:
    """Let an applicant take part."""
    return _decide(request, pk, actions.admit, _("Admitted."))


@require_POST
def refuse(request: SignedIn, pk: int) -> HttpResponse:
    """Refuse an applicant."""
    return _decide(request, pk, actions.refuse, _("Refused."))


def _decide(request: SignedIn, pk: int, decide: Callable[..., object], done: str) -> HttpResponse:
    entry = get_object_or_404(ProgrammeEntry.objects.visible_to(request.user), pk=pk)
    form = EvidenceForm(request.POST)
    if form.is_valid():
        try:
            decide([actions.Deciding(entry.pk, form.cleaned_data["evidence"])], actor=request.user, at=timezone.now())
        except actions.ReasonMissing as refused:
            form.add_error("evidence", str(refused))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(reverse("qualification:merchant", args=[entry.merchant_id]))
    return _merchant(request, _shop(request, entry.merchant_id), deciding=form, status=422)


@require_POST
def clear_out(request: SignedIn, pk: int) -> HttpResponse:
    """End the part of a merchant or of one of his products."""
    shop = _shop(request, pk)
    form = ClearOutForm(request.POST, merchant_id=shop.pk)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.clear_out(merchant_id=shop.pk, product_id=form.product_id, reason=reason, actor=request.user, at=timezone.now())
        except actions.ReasonMissing as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, _("Cleared out."))
            return HttpResponseRedirect(reverse("qualification:merchant", args=[shop.pk]))
    return _merchant(request, shop, clearing=form, status=422)


def _found(request: SignedIn, pk: int) -> QualificationPaper:
    visible = QualificationPaper.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("merchant", "file", "replaces"), pk=pk)


def _shop(request: SignedIn, pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.visible_to(request.user).of_kind(Kind.MERCHANT), pk=pk)


def _paper(request: SignedIn, found: QualificationPaper, form: ObjectionForm, *, status: int = 200) -> HttpResponse:
    said = {one["field"]: (str(OBJECTIONS[one["code"]]), one["words"]) for one in found.objections}
    values = queries.written(found)
    context = {
        "paper": found,
        "row": queries.paper_rows([found], timezone.localdate(timezone.now(), SHANGHAI))[0],
        "lines": [(name, LABELS[name], values[name], said.get(name), form.pair(name)) for name in FIELDS if values[name] or name in said],
        "form": form,
        "may_decide": found.is_waiting and request.user.is_platform,
    }
    return render(request, "qualification/paper.html", context, status=status)


def _merchant(
    request: SignedIn, shop: Organisation, *, deciding: EvidenceForm | None = None, clearing: ClearOutForm | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    papers = QualificationPaper.objects.visible_to(request.user).filter(merchant=shop).select_related("file").order_by("-id")
    context = {
        "merchant": shop,
        "standing": queries.standing(shop, at=now),
        "rows": queries.paper_rows(papers, timezone.localdate(now, SHANGHAI)),
        "entries": queries.entries_of(shop.pk),
        "deciding": deciding or EvidenceForm(),
        "clearing": clearing or ClearOutForm(merchant_id=shop.pk),
    }
    return render(request, "qualification/merchant.html", context, status=status)
