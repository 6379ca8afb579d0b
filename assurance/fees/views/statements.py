"""Statements, what stands in them, and what a month comes to so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assurance.fees import queries
from assurance.fees.forms import CloseMonthForm, DisputeForm, LineFilterForm, StatementFilterForm
from assurance.fees.lifecycle import DisputeState
from assurance.fees.models import FeeLine, Statement
from assurance.sheets.delimited import lines as csv_lines
from assurance.web.pagination import page_of

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn

COLUMNS = ("line", "fee", "source", "source_number", "quantity", "done_at", "rate_card", "formula", "amount")
BYTE_ORDER_MARK = "\ufeff"


@require_GET
def statement_list(request: SignedIn) -> HttpResponse:
    """List the statements the reader may see, the newest month first."""
    form = StatementFilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.find(request.user, **form.cleaned_data) if is_valid else Statement.objects.none())
    only_rows = request.htmx and not request.htmx.history_restore_request
    template = "fees/_statement_rows.html" if only_rows else "fees/statement_list.html"
    return render(request, template, {"page": page, "form": form, "closing": CloseMonthForm()}, status=200 if is_valid else 400)


@require_GET
def statement(request: SignedIn, pk: int) -> HttpResponse:
    """Show one statement: what each fee came to, every line with its sum and source, what was given back."""
    found = get_object_or_404(queries.find(request.user), pk=pk)
    form = LineFilterForm(request.GET)
    is_valid = form.is_valid()
    page = page_of(request, queries.lines_of(found, **form.cleaned_data) if is_valid else FeeLine.objects.none())
    rows = queries.sources_of(page.object_list, request.user)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "fees/_line_rows.html", {"page": page, "rows": rows, "statement": found, "form": form})
    context = {
        "statement": found,
        "page": page,
        "rows": rows,
        "form": form,
        "sums": queries.by_kind(queries.lines_of(found)),
        "notes": found.credit_notes.select_related("line__operation").order_by("id"),
    }
    return render(request, "fees/statement.html", context, status=200 if is_valid else 400)


@require_GET
def as_csv(request: SignedIn, pk: int) -> HttpResponse:
    """Return the lines of a statement as a file, one row a charge, credit notes below zero."""
    found = get_object_or_404(queries.find(request.user), pk=pk)
    [(_, rows)] = queries.canonical_rows([found])
    rows.sort(key=lambda row: (row.word == "credit", row.at, row.number))
    table = [
        (row.number, row.kind, row.source_kind, row.source_id, row.quantity, row.moment, row.version, row.formula, row.signed)
        for row in rows
    ]
    response = HttpResponse(BYTE_ORDER_MARK + csv_lines([COLUMNS, *table]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.code}.csv"'
    return response


@require_GET
def as_bundle(request: SignedIn, pk: int) -> HttpResponse:
    """Return a statement with everything it was worked out from, for the checker that knows nothing of this platform."""
    found = get_object_or_404(queries.find(request.user), pk=pk)
    response = JsonResponse(queries.bundle([found]), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="{found.code}.json"'
    return response


@require_GET
def preview(request: SignedIn) -> HttpResponse:
    """Show what the merchant's month comes to so far. Nothing is stored."""
    return render(request, "fees/preview.html", {"preview": queries.preview(request.user, at=timezone.now())})


@require_GET
def line(request: SignedIn, pk: int) -> HttpResponse:
    """Show one line: what was done, by which rate, the sum, how it was booked, what was said against it."""
    return render(request, "fees/line.html", line_context(request, pk))


def line_context(request: SignedIn, pk: int, form: DisputeForm | None = None) -> dict[str, object]:
    """Gather what the page of a line shows."""
    lines = FeeLine.objects.visible_to(request.user).select_related("operation", "rate__card", "statement", "merchant", "credit_note")
    found = get_object_or_404(lines, pk=pk)
    [(_, noun, name, url)] = queries.sources_of([found], request.user)
    disputes = list(found.disputes.select_related("credit_note").order_by("-id"))
    return {
        "line": found,
        "source": {"noun": noun, "name": name, "url": url},
        "postings": found.postings.order_by("id"),
        "disputes": disputes,
        "can_be_disputed": found.amount > 0 and all(one.state == DisputeState.REJECTED for one in disputes),
        "form": form or DisputeForm(),
    }
