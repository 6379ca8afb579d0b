"""The probable causes of a case, as a fragment of its page on the floor below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from aftersales.cases.models import Case
from aftersales.diagnosis import queries

if TYPE_CHECKING:
    from django.http import HttpResponse

    from assurance.accounts.types import SignedIn


@require_GET
def of_case(request: SignedIn, pk: int) -> HttpResponse:
    """Draw the ranked causes with what speaks for and against each."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    context = {"case": case, "causes": queries.diagnose(case, at=now), "hits": queries.hits(at=now)}
    return render(request, "aftersales/diagnosis/_of_case.html", context)
