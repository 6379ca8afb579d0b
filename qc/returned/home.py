"""What home pages offer about returned units: to inspectors what waits for a grade or a decision, to merchants what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.home import Step, offers_steps
from assurance.roles import QC
from warehouse.returns.lifecycle import UnitState
from warehouse.returns.models import ReturnUnit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User


@offers_steps
def steps(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Offer inspectors the units that wait for a grade, and those that wait for a decision. One query."""
    if user.role not in QC:
        return
    open_ones = ReturnUnit.objects.visible_to(user).filter(state__in=(UnitState.RECEIVED, UnitState.GRADED))
    counts = open_ones.aggregate(
        received=Count("pk", filter=Q(state=UnitState.RECEIVED)),
        graded=Count("pk", filter=Q(state=UnitState.GRADED)),
    )
    if counts["received"]:
        n = counts["received"]
        yield Step(
            title=ngettext("%(n)s returned unit to inspect", "%(n)s returned units to inspect", n) % {"n": n},
            detail=gettext("Until it is graded, nobody can sell it."),
            url=reverse("returned:list"),
            verb=gettext("Inspect"),
            tone="wait",
            icon="truck-return",
        )
    if counts["graded"]:
        n = counts["graded"]
        yield Step(
            title=ngettext("%(n)s graded unit to decide on", "%(n)s graded units to decide on", n) % {"n": n},
            detail=gettext("Its grade says what may become of it."),
            url=reverse("returned:list") + "?scope=decide",
            verb=gettext("Decide"),
            tone="run",
            icon="scale",
        )
