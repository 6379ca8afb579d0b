"""The merchant's products, and what others see of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from assurance.products import actions, gtins, queries
from assurance.products.completeness import ATTRIBUTE
from assurance.products.forms import DraftForm, ExportForm, FilterForm, ProductForm, percent
from assurance.products.models import Product
from assurance.refusals import Refused
from assurance.roles import can
from assurance.runs.actions import start_run
from assurance.web import compiled
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def product_list(request: SignedIn) -> HttpResponse:
    """List the products the user may see, narrowed by text and category."""
    form = FilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.listed(request.user, **form.cleaned_data) if is_valid else Product.objects.none())
    rows = [(product, len(queries.findings(product))) for product in page.object_list]
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "products/_product_rows.html" if only_rows else "products/product_list.html"
    own = None if request.user.is_platform else request.user.organisation_id
    lines = compiled.rendered("products/_product_lines.jinja", rows=rows, own=own)
    return render(request, template, {"page": page, "rows": rows, "lines": lines, "form": form}, status=200 if is_valid else 400)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one product; costs only to whom they may be shown."""
    product = get_object_or_404(queries.find(request.user), pk=pk)
    is_own = product.merchant_id == request.user.organisation_id
    context = {
        "product": product,
        "stated": queries.stated(product),
        "sees": {name: can(request.user, permission) for name, permission in Product.restricted_fields.items()},
        "commission": percent(product.commission_rate),
        "lacks": queries.lacks(product) if is_own and not product.is_locked else [],
        "is_own": is_own,
    }
    return render(request, "products/product.html", context)


@require_http_methods(["GET", "POST"])
def create(request: SignedIn) -> HttpResponse:
    """Enter a product."""
    if request.method == "GET":
        return _form(request, ProductForm(user=request.user))
    form = ProductForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        product = actions.create(values=form.values(), picture=form.upload, actor=request.user, at=timezone.now())
    except Refused as refused:
        if not form.add_refusal(refused):
            raise
        return _form(request, form, status=422)
    return _saved(request, product)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Change a product; whoever saves second sees what the first one wrote, and decides."""
    product = get_object_or_404(queries.find(request.user), pk=pk)
    if request.method == "GET":
        return _form(request, ProductForm(user=request.user, product=product), product=product)
    form = ProductForm(request.POST, request.FILES, user=request.user, product=product)
    if not form.is_valid():
        return _form(request, form, product=product, status=422)
    given = {"version": form.cleaned_data["version"], "values": form.values(), "picture": form.upload}
    try:
        actions.update(product_id=product.pk, **given, actor=request.user, at=timezone.now())
    except actions.VersionConflict as refused:
        differences = form.meet(refused, queries.differences(product.pk, form.values()))
        return _form(request, form, product=product, differences=differences, status=409)
    except Refused as refused:
        if not form.add_refusal(refused):
            raise
        return _form(request, form, product=product, status=422)
    return _saved(request, product)


@require_POST
def keep_draft(request: SignedIn, pk: int | None = None) -> HttpResponse:
    """Keep what stands in the form, right or wrong, and say beside which fields something is wrong."""
    product = get_object_or_404(queries.find(request.user).filter(merchant_id=request.user.organisation_id), pk=pk) if pk else None
    form = ProductForm(request.POST, user=request.user, product=product)
    draft = actions.keep_draft(values=form.typed(), product=product, actor=request.user, at=timezone.now())
    return render(request, "products/_draft.html", {"draft": draft, "flaws": form.flaws(), "is_stale": form.is_stale(product)})


@require_POST
def drop_draft(request: SignedIn, pk: int | None = None) -> HttpResponse:
    """Throw away what was typed and show what is saved."""
    product = get_object_or_404(queries.find(request.user).filter(merchant_id=request.user.organisation_id), pk=pk) if pk else None
    actions.drop_draft(product=product, actor=request.user)
    form = DraftForm(request.POST)
    back = form.cleaned_data["back"] if form.is_valid() else ""
    return HttpResponseRedirect(back or (reverse("products:edit", args=[product.pk]) if product else reverse("products:create")))


@require_GET
def gtin(request: SignedIn) -> HttpResponse:
    """Say while somebody types whether a GTIN is right, which digit it lacks, and who gave its number out."""
    digits = request.GET.get("gtin", "")[:40].replace(" ", "").replace("-", "")
    return render(request, "products/_gtin.html", {"seen": gtins.seen(digits)})


@require_GET
def attributes(request: SignedIn) -> HttpResponse:
    """Draw the fields a category asks for, when another one is chosen."""
    given = {name: value for name, value in request.GET.items() if name == "category" or name.startswith(ATTRIBUTE)}
    form = ProductForm(user=request.user, initial=given)
    return render(request, "products/_attributes.html", {"form": form})


def _form(request: SignedIn, form: ProductForm, *, status: int = 200, **context: object) -> HttpResponse:
    template = "products/_product_form.html" if request.htmx else "products/product_form.html"
    return render(request, template, {"form": form, **context}, status=status)


def _saved(request: SignedIn, product: Product) -> HttpResponse:
    messages.success(request, _("Saved."))
    address = reverse("products:show", args=[product.pk])
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


@require_POST
def start_export(request: SignedIn) -> HttpResponse:
    """Have the products written into a file; the page of the run shows how far it is."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        raise Http404
    total = queries.find(request.user).count()
    wanted = form.cleaned_data["form"] or "csv"
    run = start_run("products_export", actor=request.user, at=timezone.now(), total=total, form=wanted, names="labels")
    return HttpResponseRedirect(reverse("runs:show", args=[run.pk]))
