"""The desk, the reviewer and the merchant: a queue, and one page with everything that belongs to a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aftersales.cases import actions, queries
from aftersales.cases.actions import Appeal, Finished, NewCase, Proposal, Said
from aftersales.cases.forms import AnswerForm, FilterForm, FinishForm, MessageForm, OpenForm, ProposalForm, ReasonForm
from aftersales.cases.lifecycle import Side
from aftersales.cases.models import Case, CaseDecision, Remedy
from assurance.refusals import Refused
from assurance.roles import MERCHANT
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from django.forms import Form

    from assurance.accounts.types import SignedIn


@require_GET
def case_list(request: SignedIn) -> HttpResponse:
    """List cases: to the desk what is to do by due time, to a merchant his own."""
    tabs = queries.tabs_of(request.user)
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else queries.first_tab(request.user)
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    found = queries.find(request.user, tab=tab, **form.cleaned_data) if is_valid else Case.objects.none()
    only_rows = request.htmx and not request.htmx.history_restore_request
    context = {
        "page": page_of(request, found),
        "form": form,
        "tab": tab,
        "tabs": tabs,
        "counts": queries.counts(request.user),
        "now": timezone.now(),
    }
    template = "aftersales/cases/_case_rows.html" if only_rows else "aftersales/cases/case_list.html"
    return render(request, template, context, status=200 if is_valid else 400)


@require_http_methods(["GET", "POST"])
def open_case(request: SignedIn) -> HttpResponse:
    """Open a case by the number of an order, parcel, waybill or lot."""
    form = OpenForm(request.POST or None)
    if form.is_valid():
        about = queries.called(form.cleaned_data["number"], request.user)
        if about is not None:
            return _opened(request, form, about)
        form.add_error("number", str(actions.NothingKnown()))
    return render(request, "aftersales/cases/case_form.html", {"form": form}, status=422 if form.is_bound else 200)


def _opened(request: SignedIn, form: OpenForm, about: tuple[str, int]) -> HttpResponse:
    is_merchant = request.user.role in MERCHANT
    wanted = NewCase(
        kind=form.cleaned_data["kind"],
        origin="merchant" if is_merchant else "agent",
        about_kind=about[0],
        about_id=about[1],
        summary=form.cleaned_data["summary"],
        merchant_id=request.user.organisation_id if is_merchant else None,
    )
    case = actions.open_cases([wanted], actor=request.user, at=timezone.now())[0]
    if case is None:
        raise actions.NothingKnown(field="number")
    return HttpResponseRedirect(reverse("cases:show", args=[case.pk]))


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one case with everything that belongs to it."""
    return _page(request, _found(request, pk))


@require_POST
def claim(request: SignedIn, pk: int) -> HttpResponse:
    """Take a case."""
    actions.claim([_found(request, pk).pk], actor=request.user, at=timezone.now())
    return _back(pk)


@require_POST
def give_back(request: SignedIn, pk: int) -> HttpResponse:
    """Put a case back into the queue."""
    actions.give_back([_found(request, pk).pk], actor=request.user, at=timezone.now())
    messages.success(request, _("The case is back in the queue."))
    return HttpResponseRedirect(reverse("cases:list"))


@require_POST
def hurry(request: SignedIn, pk: int) -> HttpResponse:
    """Change the service level."""
    case = _found(request, pk)
    other = "standard" if case.policy == "urgent" else "urgent"
    actions.set_policy([case.pk], policy=other, actor=request.user, at=timezone.now())
    return _back(pk)


@require_POST
def write(request: SignedIn, pk: int) -> HttpResponse:
    """Write a message: the desk to whom it chooses, the merchant to the desk."""
    case = _found(request, pk)
    is_merchant = request.user.role in MERCHANT
    form: Form = AnswerForm(request.POST) if is_merchant else MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, case, status=422, message_form=form)
    given = form.cleaned_data
    readers = given.get("readers", [])
    said = Said(
        case.pk,
        given["body"],
        side=Side.MERCHANT if is_merchant else Side.PLATFORM,
        to_buyer=Side.BUYER in readers,
        to_merchant=Side.MERCHANT in readers,
        waits_for=given.get("waits_for", ""),
    )
    actions.write([said], actor=request.user, at=timezone.now())
    return _back(pk)


@require_POST
def go_on(request: SignedIn, pk: int) -> HttpResponse:
    """Wait no longer."""
    actions.go_on([_found(request, pk).pk], actor=request.user, at=timezone.now())
    return _back(pk)


@require_POST
def propose(request: SignedIn, pk: int) -> HttpResponse:
    """Propose a decision."""
    case = _found(request, pk)
    form = ProposalForm(request.POST, choices=_choices(request, case))
    if not form.is_valid():
        return _page(request, case, status=422, proposal_form=form)
    try:
        actions.propose([Proposal(case.pk, **form.values())], actor=request.user, at=timezone.now())
    except Refused as refused:
        if refused.field not in form.fields:
            raise
        form.add_error(refused.field, str(refused))
        return _page(request, case, status=422, proposal_form=form)
    messages.success(request, _("Proposed. Another person decides."))
    return _back(pk)


@require_POST
def decide(request: SignedIn, pk: int) -> HttpResponse:
    """Confirm what was proposed."""
    actions.decide([_proposal(request, pk).pk], actor=request.user, at=timezone.now())
    messages.success(request, _("Decided. Both sides are told."))
    return _back(pk)


@require_POST
def send_back(request: SignedIn, pk: int) -> HttpResponse:
    """Give a proposal back with what is missing."""
    case, form = _found(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, case, status=422, back_form=form)
    actions.send_back([_proposal(request, pk).pk], reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    messages.success(request, _("Sent back to the agent."))
    return _back(pk)


@require_POST
def appeal(request: SignedIn, pk: int) -> HttpResponse:
    """Appeal for the merchant, once."""
    case, form = _found(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, case, status=422, appeal_form=form)
    actions.appeal([Appeal(case.pk, Side.MERCHANT, form.cleaned_data["reason"])], actor=request.user, at=timezone.now())
    messages.success(request, _("Another person will look at it again."))
    return _back(pk)


@require_POST
def finish(request: SignedIn, pk: int, remedy: int) -> HttpResponse:
    """Write down that a remedy was done."""
    case = _found(request, pk)
    wanted = get_object_or_404(Remedy.objects.visible_to(request.user), pk=remedy, case=case)
    form = FinishForm(request.POST)
    try:
        if form.is_valid():
            actions.finish_remedies([Finished(wanted.pk, form.cleaned_data["reference"])], actor=request.user, at=timezone.now())
            return _back(pk)
    except Refused as refused:
        if refused.field != "reference":
            raise
        form.add_error("reference", str(refused))
    return _page(request, case, status=422, finish_form=form, finishing=wanted.pk)


@require_POST
def close(request: SignedIn, pk: int) -> HttpResponse:
    """Close a case."""
    actions.close([_found(request, pk).pk], actor=request.user, at=timezone.now())
    return _back(pk)


@require_POST
def reopen(request: SignedIn, pk: int) -> HttpResponse:
    """Take a closed case up again."""
    case, form = _found(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, case, status=422, reopen_form=form)
    actions.reopen([case.pk], reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
    return _back(pk)


def _found(request: SignedIn, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.user).select_related("product", "lot", "merchant", "agent", "rating"), pk=pk)


def _proposal(request: SignedIn, pk: int) -> CaseDecision:
    """Return the newest round of a case; whether it may be decided is the action's question."""
    rounds = CaseDecision.objects.visible_to(request.user).filter(case=_found(request, pk))
    return get_object_or_404(rounds.order_by("-round")[:1])


def _choices(request: SignedIn, case: Case) -> list[tuple[str, Any]]:
    return queries.evidence_choices(queries.chain(case.links.order_by("pk"), request.user))


def _page(request: SignedIn, case: Case, *, status: int = 200, **bound: Any) -> HttpResponse:
    now = timezone.now()
    page = queries.case_page(case, request.user, at=now)
    is_merchant = request.user.role in MERCHANT
    context = {
        "case": case,
        "page": page,
        "now": now,
        "is_mine": case.agent_id == request.user.pk,
        "is_merchant": is_merchant,
        "message_form": AnswerForm() if is_merchant else MessageForm(initial={"readers": ["buyer"] if case.origin == "buyer" else []}),
        "proposal_form": ProposalForm(choices=queries.evidence_choices(page.chain)),
        "back_form": ReasonForm(),
        "appeal_form": ReasonForm(),
        "reopen_form": ReasonForm(),
        "finish_form": FinishForm(),
    }
    return render(request, "aftersales/cases/case.html", context | bound, status=status)


def _back(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("cases:show", args=[pk]))
