"""The merchant's certificates: listed, entered, shown, attached."""

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

from assurance.certificates import actions, queries
from assurance.certificates.forms import AttachForm, CertificateForm, DecisionForm, FilterForm
from assurance.certificates.models import Certificate
from assurance.products.models import Product
from assurance.refusals import Refused
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def certificate_list(request: SignedIn) -> HttpResponse:
    """List the certificates the user may see."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find(request.user, **form.cleaned_data) if is_valid else Certificate.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "certificates/_certificate_rows.html" if only_rows else "certificates/certificate_list.html"
    rows = queries.rows(page.object_list, at=timezone.now())
    return render(request, template, {"page": page, "rows": rows, "form": form}, status=200 if is_valid else 400)


@require_http_methods(["GET", "POST"])
def create(request: SignedIn) -> HttpResponse:
    """Enter a certificate with its file."""
    if request.method == "GET":
        return _form(request, CertificateForm(user=request.user, initial=_suggested(request)))
    form = CertificateForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        made = actions.enter(**form.given(), actor=request.user, at=timezone.now())
    except Refused as refused:
        if not form.add_refusal(refused):
            raise
        return _form(request, form, status=422)
    messages.success(request, _("Entered. A reviewer compares it with its file."))
    address = reverse("certificates:show", args=[made.pk])
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one certificate with its file, its products, and what happened."""
    return page(request, pk)


@require_POST
def attach(request: SignedIn, pk: int) -> HttpResponse:
    """Attach a certificate to products; what it does not cover is refused beside the field."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user), pk=pk)
    form = AttachForm(request.POST, user=request.user)
    if not form.is_valid():
        return page(request, pk, attach_form=form)
    try:
        actions.attach(certificate_id=certificate.pk, product_ids=form.cleaned_data["products"], actor=request.user, at=timezone.now())
    except (actions.NotCovered, actions.HasExpired) as refused:
        form.add_error("products", str(refused))
        return page(request, pk, attach_form=form)
    messages.success(request, _("Attached."))
    return HttpResponseRedirect(reverse("certificates:show", args=[certificate.pk]))


@require_POST
def detach(request: SignedIn, pk: int, product: int) -> HttpResponse:
    """Take a certificate off a product."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user), pk=pk)
    found = get_object_or_404(Product.objects.visible_to(request.user), pk=product)
    actions.detach(certificate_id=certificate.pk, product_id=found.pk, actor=request.user, at=timezone.now())
    messages.success(request, _("Taken off."))
    return HttpResponseRedirect(reverse("certificates:show", args=[certificate.pk]))


@require_GET
def of_product(request: SignedIn, pk: int) -> HttpResponse:
    """Draw, inside the page of a product, what proves it and what is missing."""
    product = get_object_or_404(Product.objects.visible_to(request.user).select_related("category"), pk=pk)
    return render(
        request, "certificates/_of_product.html", {"product": product, "standing": queries.standing_of(product, at=timezone.now())}
    )


def page(request: SignedIn, pk: int, *, attach_form: AttachForm | None = None, decision_form: DecisionForm | None = None) -> HttpResponse:
    """Draw the page of one certificate; a form that was refused stands on it with its errors."""
    certificate = get_object_or_404(queries.find(request.user), pk=pk)
    is_own = certificate.merchant_id == request.user.organisation_id
    now = timezone.now()
    context: dict[str, Any] = {
        "certificate": certificate,
        "shown": queries.detail(certificate, request.user, at=now),
        "is_own": is_own,
        "attach_form": attach_form or AttachForm(user=request.user) if is_own else None,
        "decision_form": decision_form or DecisionForm(),
    }
    return render(request, "certificates/certificate.html", context, status=422 if attach_form or decision_form else 200)


def _suggested(request: SignedIn) -> dict[str, object]:
    """Return what a link from a product page filled in already."""
    wanted = {name: request.GET[name] for name in ("kind",) if name in request.GET}
    products = [number for number in request.GET.getlist("product") if number.isdecimal()]
    return {"holder": request.user.organisation.name, **wanted, "products": products}


def _form(request: SignedIn, form: CertificateForm, *, status: int = 200) -> HttpResponse:
    template = "certificates/_certificate_form.html" if request.htmx else "certificates/certificate_form.html"
    return render(request, template, {"form": form}, status=status)
