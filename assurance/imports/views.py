"""Product files as a merchant sends them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from assurance.files.sniffing import CSV, XLSX
from assurance.imports import actions, queries, templates
from assurance.imports.forms import TemplateForm, UploadForm
from assurance.imports.models import ProductImport
from assurance.refusals import Refused
from assurance.runs.queries import progress
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assurance.accounts.types import SignedIn


@require_http_methods(["GET", "POST"])
def import_list(request: SignedIn) -> HttpResponse:
    """List the files sent in so far; take another one."""
    if request.method == "GET":
        return _listed(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _listed(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        found = actions.take_in(data=file.read(), name=file.name or "", actor=request.user, at=timezone.now())
    except Refused as refused:
        form.add_refusal(refused)
        return _listed(request, form, status=refused.status)
    address = reverse("imports:show", args=[found.pk])
    return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)


def _listed(request: SignedIn, form: UploadForm, *, status: int = 200) -> HttpResponse:
    page = page_of(request, _own(request).select_related("created_by").order_by("-id"))
    context = {"form": form, "page": page, "template_form": TemplateForm()}
    only_rows = request.htmx and request.method == "GET" and not request.htmx.history_restore_request
    template = "imports/_upload.html" if request.htmx and not only_rows else "imports/import_list.html"
    return render(request, "imports/_import_rows.html" if only_rows else template, context, status=status)


@require_GET
def template(request: SignedIn) -> HttpResponse:
    """Give an empty file with the right columns."""
    form = TemplateForm(request.GET)
    if not form.is_valid():
        raise Http404
    name, data = templates.template(request.user, category=form.cleaned_data["category"], form=form.cleaned_data["form"] or "xlsx")
    response = HttpResponse(data, content_type=XLSX if name.endswith(".xlsx") else f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    """Show how a file fares, and every bad cell."""
    return _shown(request, get_object_or_404(_own(request), pk=pk))


@require_POST
def bring_in(request: SignedIn, pk: int) -> HttpResponse:
    """Import the good rows."""
    return _shown(request, actions.bring_in(import_id=get_object_or_404(_own(request), pk=pk).pk, actor=request.user, at=timezone.now()))


@require_POST
def check_again(request: SignedIn, pk: int) -> HttpResponse:
    """Check the rows once more."""
    return _shown(request, actions.check_again(import_id=get_object_or_404(_own(request), pk=pk).pk, actor=request.user, at=timezone.now()))


def _own(request: SignedIn) -> QuerySet[ProductImport]:
    return ProductImport.objects.all().visible_to(request.user).select_related("run", "created_by")


def _shown(request: SignedIn, found: ProductImport) -> HttpResponse:
    if request.method == "POST" and not request.htmx:
        return HttpResponseRedirect(reverse("imports:show", args=[found.pk]))
    page, notes = queries.page_of_notes(request, found)
    context = {
        "found": found,
        "page": page,
        "notes": notes,
        "remarks": queries.remarks(found),
        "steps": queries.steps(found),
        "progress": progress(found.run, user=request.user, at=timezone.now()) if found.run else None,
    }
    is_part = request.htmx and not request.htmx.history_restore_request
    return render(request, "imports/_import.html" if is_part else "imports/import.html", context)
