"""What home pages offer about checks: to inspectors the parcels that wait, to the warehouse what must be packed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.home import Step, offers_steps
from assurance.roles import QC, Role
from qc.checks.queries import waiting
from qc.nonconformance.models import NonConformance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

COUNTED = 200
"""More than so many are told as so many and more."""


@offers_steps
def steps(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Offer inspectors the parcels that wait for their check, and packers those that failed. One query."""
    if user.role in QC:
        due = list(waiting(user).values_list("ship_by", flat=True)[:COUNTED])
        if due:
            yield Step(
                title=ngettext("%(n)s parcel to check", "%(n)s parcels to check", len(due)) % {"n": len(due)},
                detail=gettext("Before it leaves: goods, packaging, label, seal, shelf life."),
                url=reverse("checks:station"),
                verb=gettext("Check"),
                tone="wait",
                icon="package-export",
                due_at=due[0],
            )
    elif user.role == Role.WAREHOUSE_OPERATOR:
        wrong = NonConformance.objects.visible_to(user).open().filter(stage="outbound").count()
        if wrong:
            yield Step(
                title=ngettext("%(n)s parcel to pack again", "%(n)s parcels to pack again", wrong) % {"n": wrong},
                detail=gettext("It failed its check."),
                url=reverse("checks:list") + "?scope=wrong",
                verb=gettext("Open"),
                tone="hold",
                icon="package-off",
            )
