"""What the service would cost, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from assurance.fees import queries
from assurance.fees.forms import SimulatorForm
from assurance.fees.models import FeeKind
from assurance.fees.months import day_of
from assurance.fees.rating import Unratable
from assurance.fees.simulator import curve, simulate
from assurance.fees.wording import because_in_words
from assurance.money import NOTHING

if TYPE_CHECKING:
    from decimal import Decimal

    from assurance.accounts.types import SignedIn

EXAMPLE = {
    "price": "59.90",
    "cost": "21.40",
    "commission_rate": "0.2",
    "volume": "1000",
    "items": "1",
    "weight_g": "500",
    "to_province": "33",
    "return_rate": "0.05",
    "inspected_units": "80",
    "test_cost": "600.00",
}


@require_GET
def simulator(request: SignedIn) -> HttpResponse:
    """Work out what is left of a price by the card of today. Nothing is stored."""
    form = SimulatorForm({**EXAMPLE, **request.GET.dict()})
    outcome, points, problem = None, [], ""
    if form.is_valid():
        prices = queries.card_rates(day_of(timezone.now()))
        try:
            outcome = simulate(form.scenario(), prices)
            points = _drawn(curve(form.scenario(), prices))
        except Unratable as refused:
            problem = because_in_words(refused.because)
    fees = [(FeeKind(fee.kind).label, fee) for fee in outcome.fees] if outcome else []
    context = {"form": form, "outcome": outcome, "fees": fees, "points": points, "problem": problem}
    template = "fees/_outcome.html" if request.htmx and not request.htmx.history_restore_request else "fees/simulator.html"
    return render(request, template, context, status=200 if form.is_valid() else 422)


def _drawn(points: list[tuple[int, Decimal]]) -> list[tuple[int, Decimal, int]]:
    """Return the points of the curve with the length of their bars, of a hundred."""
    most = max([NOTHING, *(margin for _, margin in points)])
    return [(volume, margin, int(max(margin, NOTHING) * 100 / most) if most else 0) for volume, margin in points]
