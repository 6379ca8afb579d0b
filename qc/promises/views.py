"""Promises beside their notice, and how they were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qc.promises import queries
from warehouse.inbound.models import ShipmentNotice

if TYPE_CHECKING:
    from assurance.accounts.types import SignedIn


@require_GET
def of_notice(request: SignedIn, pk: int) -> HttpResponse:
    """Draw what was promised of a notice, for its page on the floor below."""
    notice = get_object_or_404(ShipmentNotice.objects.visible_to(request.user), pk=pk)
    return render(request, "qc/promises/_of_notice.html", {"promises": queries.of_notice(request.user, notice.pk), "notice": notice})


@require_GET
def report(request: SignedIn) -> HttpResponse:
    """Show actual against promised of each warehouse."""
    rows = queries.report(request.user, at=timezone.now())
    return render(request, "qc/promises/report.html", {"rows": rows, "days": queries.REPORTED_DAYS})
