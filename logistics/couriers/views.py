"""Couriers, their services and prices, at the platform's desk; others read which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assurance.calendar import SHANGHAI
from assurance.refusals import Refused
from assurance.web.pagination import page_of
from logistics.couriers import actions, queries
from logistics.couriers.forms import OriginForm, PriceForm, ServiceForm, TermsForm
from logistics.couriers.models import CourierService

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def service_list(request: SignedIn) -> HttpResponse:
    """List the services with what they measured, and where the warehouses stand."""
    page = page_of(request, CourierService.objects.visible_to(request.user).select_related("courier").order_by("code", "id"))
    context = {"page": page, "rows": queries.with_facts(page.object_list), "origins": queries.origins(), "origin_form": OriginForm()}
    return render(request, "logistics/couriers/service_list.html", context)


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show one service: terms, prices by zone, measured lanes."""
    return _shown(request, _service(request, pk))


@require_http_methods(["GET", "POST"])
def create(request: SignedIn) -> HttpResponse:
    """Certify a service."""
    if request.method == "GET":
        form = ServiceForm(initial={"valid_from": timezone.now().astimezone(SHANGHAI).date()})
        return render(request, "logistics/couriers/service_form.html", {"form": form})
    form = ServiceForm(request.POST)
    if form.is_valid():
        try:
            service = actions.add_service(**form.values(), actor=request.user, at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("%(service)s is certified.") % {"service": service.name})
            return HttpResponseRedirect(reverse("couriers:show", args=[service.pk]))
    return render(request, "logistics/couriers/service_form.html", {"form": form}, status=422)


@require_POST
def terms(request: SignedIn, pk: int) -> HttpResponse:
    """Change where a service goes and until when it is certified."""
    service = _service(request, pk)
    form = TermsForm(request.POST)
    if not form.is_valid():
        return _shown(request, service, terms_form=form, status=422)
    actions.change_terms(service_id=service.pk, terms=form.terms(), actor=request.user, at=timezone.now())
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("couriers:show", args=[service.pk]))


@require_POST
def prices(request: SignedIn, pk: int) -> HttpResponse:
    """Set the prices of a service from a day on."""
    service = _service(request, pk)
    form = PriceForm(request.POST)
    if not form.is_valid():
        return _shown(request, service, price_form=form, status=422)
    name, day = form.cleaned_data["prices"], form.cleaned_data["valid_from"]
    actions.set_prices(service_id=service.pk, name=name, bands=form.bands(), valid_from=day, actor=request.user, at=timezone.now())
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("couriers:show", args=[service.pk]))


@require_POST
def origin(request: SignedIn) -> HttpResponse:
    """Say in which province a warehouse stands."""
    form = OriginForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a warehouse and a province."))
        return HttpResponseRedirect(reverse("couriers:list"))
    given = form.cleaned_data
    actions.set_origin(warehouse_id=int(given["warehouse"]), province=given["province"], actor=request.user, at=timezone.now())
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("couriers:list"))


def _service(request: SignedIn, pk: int) -> CourierService:
    return get_object_or_404(CourierService.objects.visible_to(request.user).select_related("courier"), pk=pk)


def _shown(
    request: SignedIn,
    service: CourierService,
    *,
    terms_form: TermsForm | None = None,
    price_form: PriceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.now().astimezone(SHANGHAI).date()
    held = {"provinces": service.provinces, "certified_until": service.certified_until, "in_use": "yes" if service.is_active else "no"}
    context = {
        "service": service,
        "bands": queries.current_bands([service], day=today).get(service.pk, []),
        "versions": list(service.versions.order_by("-valid_from")),
        "lanes": queries.lanes_of(service),
        "provinces": queries.named(service.provinces),
        "terms_form": terms_form or TermsForm(initial=held),
        "price_form": price_form or PriceForm(),
    }
    return render(request, "logistics/couriers/service.html", context, status=status)
