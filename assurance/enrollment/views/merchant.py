"""The merchant's pages: bring a product in, see how far it is, change what was returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from assurance.enrollment import actions, queries
from assurance.enrollment.forms import FilterForm, SigningForm, WithdrawForm
from assurance.enrollment.models import Enrolment
from assurance.enrollment.outlook import Outlook, outlook
from assurance.products.actions import VersionConflict
from assurance.products.forms import ProductForm
from assurance.products.models import Product
from assurance.products.queries import differences
from assurance.refusals import Refused, WrongState
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn

SUBMIT = "submit"
"""Name of the button that asks for everything and leads on to submitting; any other one saves a draft."""


@require_GET
def enrolment_list(request: SignedIn) -> HttpResponse:
    """List the merchant's enrolments with how far each is."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find(request.user, **form.cleaned_data) if is_valid else Enrolment.objects.none())
    rows = [(enrolment, queries.waypoints(enrolment)) for enrolment in page.object_list]
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "enrollment/_enrolment_rows.html" if only_rows else "enrollment/enrolment_list.html"
    return render(request, template, {"page": page, "rows": rows, "form": form}, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one enrolment: how far it is, what was objected, what happened."""
    enrolment = get_object_or_404(queries.find(request.user), pk=pk)
    context = {
        "enrolment": enrolment,
        "steps": queries.waypoints(enrolment),
        "lines": queries.lines(enrolment) if enrolment.snapshot else [],
        "history": queries.history(enrolment),
        "picture": queries.picture_of(enrolment),
    }
    return render(request, "enrollment/enrolment.html", context)


@require_http_methods(["GET", "POST"])
def create(request: SignedIn) -> HttpResponse:
    """Enter a product and enrol it on one page; it may be saved as a draft at any time."""
    if request.method == "GET":
        return _form(request, ProductForm(user=request.user))
    form = _bound(request)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        enrolment = actions.begin(
            values=form.values(),
            picture=form.upload,
            submitting=False,
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refused:
        return _refused(request, form, refused)
    return _saved(request, enrolment)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change a draft or what was returned, with the reasons beside the fields, and submit it."""
    enrolment = get_object_or_404(queries.find(request.user), pk=pk)
    if not enrolment.is_editable:
        raise WrongState(state=enrolment.get_state_display())
    if request.method == "GET":
        return _form(request, ProductForm(user=request.user, product=enrolment.product), enrolment=enrolment)
    form = _bound(request, product=enrolment.product)
    if not form.is_valid():
        return _form(request, form, enrolment=enrolment, status=422)
    given = {"version": form.cleaned_data["version"], "values": form.values(), "picture": form.upload}
    try:
        actions.fill_in(enrolment_id=enrolment.pk, **given, submitting=False, actor=request.user, at=timezone.now())
    except Refused as refused:
        return _refused(request, form, refused, enrolment=enrolment)
    return _saved(request, enrolment)


@require_http_methods(["GET", "POST"])
def check(request: SignedIn, pk: int) -> HttpResponse:
    """Show what awaits the product before it is submitted: what is missing, tests, days, fees, the agreement. Then submit it."""
    enrolment = get_object_or_404(queries.find(request.user), pk=pk)
    if not enrolment.is_editable:
        raise WrongState(state=enrolment.get_state_display())
    now = timezone.now()
    ahead = outlook(enrolment, at=now)
    form = SigningForm(request.POST or None, initial=_seen(ahead)) if ahead.acceptance is None else None
    if request.method == "GET" or (form is not None and not form.is_valid()):
        return _outlook(request, enrolment, ahead, form)
    try:
        actions.submit(enrolment_id=enrolment.pk, signing=form.signing() if form else None, actor=request.user, at=now)
    except actions.NotYourName as refused:
        if form is None:
            raise
        form.add_error("name", str(refused))
        return _outlook(request, enrolment, ahead, form)
    messages.success(request, _("Submitted for review."))
    return HttpResponseRedirect(reverse("enrollment:show", args=[enrolment.pk]))


def _seen(ahead: Outlook) -> dict[str, str]:
    return {"sha256": ahead.agreement.sha256} if ahead.agreement else {}


def _outlook(request: SignedIn, enrolment: Enrolment, ahead: Outlook, form: SigningForm | None) -> HttpResponse:
    context = {"enrolment": enrolment, "outlook": ahead, "form": form, "steps": queries.waypoints(enrolment)}
    return render(request, "enrollment/check.html", context, status=422 if form and form.is_bound else 200)


@require_POST
def start(request: SignedIn, pk: int) -> HttpResponse:
    """Begin the enrolment of a product that is already entered."""
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    enrolment = actions.start(product_id=product.pk, actor=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("enrollment:edit", args=[enrolment.pk]))


@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Take a product out."""
    enrolment = get_object_or_404(Enrolment.objects.visible_to(request.user), pk=pk)
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.withdraw(enrolment_id=enrolment.pk, reason=reason, actor=request.user, at=timezone.now())
    messages.success(request, _("Withdrawn."))
    return HttpResponseRedirect(reverse("enrollment:show", args=[enrolment.pk]))


@require_GET
def of_product(request: SignedIn, pk: int) -> HttpResponse:
    """Draw, inside the page of a product, how far its enrolment is."""
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    enrolment = queries.find(request.user).filter(product=product).first()
    context = {"product": product, "enrolment": enrolment, "steps": queries.waypoints(enrolment) if enrolment else []}
    return render(request, "enrollment/_of_product.html", context)


def _bound(request: SignedIn, product: Product | None = None) -> ProductForm:
    return ProductForm(request.POST, request.FILES, user=request.user, product=product, submitting=SUBMIT in request.POST)


def _refused(request: SignedIn, form: ProductForm, refused: Refused, enrolment: Enrolment | None = None) -> HttpResponse:
    """Put what the action refused beside its fields, or show both versions; anything else is answered as it stands."""
    if isinstance(refused, VersionConflict) and enrolment:
        found = form.meet(refused, differences(enrolment.product_id, form.values()))
        return _form(request, form, enrolment=enrolment, differences=found, status=409)
    if form.add_refusal(refused):
        return _form(request, form, enrolment=enrolment, status=422)
    raise refused


def _form(request: SignedIn, form: ProductForm, *, enrolment: Enrolment | None = None, status: int = 200, **context: Any) -> HttpResponse:
    template = "enrollment/_enrolment_form.html" if request.htmx else "enrollment/enrolment_form.html"
    if enrolment:
        objections = queries.reasons_by_field(enrolment)
        form.object_to(objections)
        context |= {"steps": queries.waypoints(enrolment), "objections": objections, "product": enrolment.product}
        context |= {"objected_claims": queries.objected_claims(enrolment)}
    return render(request, template, {"form": form, "enrolment": enrolment, **context}, status=status)


def _saved(request: SignedIn, enrolment: Enrolment) -> HttpResponse:
    goes_on = SUBMIT in request.POST
    if not goes_on:
        messages.success(request, _("Saved as a draft."))
    address = reverse("enrollment:check" if goes_on else "enrollment:edit", args=[enrolment.pk])
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)
