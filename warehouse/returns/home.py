"""What home pages offer about returns: to the warehouse what nobody knows and what waits to be counted, to merchants what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.home import Step, offers_steps
from assurance.roles import Role
from warehouse.returns.lifecycle import ReturnState
from warehouse.returns.models import ReturnParcel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

RECEIVERS: Final = (Role.WAREHOUSE_OPERATOR,)
WAITING: Final = (ReturnState.UNIDENTIFIED, ReturnState.MATCHED)


@offers_steps
def steps(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Offer whoever receives goods the parcels that nobody knows and those to be counted. One query."""
    if user.role not in RECEIVERS:
        return
    states = list(ReturnParcel.objects.visible_to(user).filter(state__in=WAITING).values_list("state", flat=True)[:100])
    unknown, matched = states.count(ReturnState.UNIDENTIFIED), states.count(ReturnState.MATCHED)
    if unknown:
        yield Step(
            title=ngettext("%(n)s unidentified parcel", "%(n)s unidentified parcels", unknown) % {"n": unknown},
            detail=gettext("Find out which parcel it was."),
            url=reverse("returns:list") + "?scope=unidentified",
            verb=gettext("Open"),
            tone="hold",
            icon="help",
        )
    if matched:
        yield Step(
            title=ngettext("%(n)s return to be counted", "%(n)s returns to be counted", matched) % {"n": matched},
            detail=gettext("It is known whose they are."),
            url=reverse("returns:list") + "?scope=open",
            verb=gettext("Open"),
            tone="wait",
            icon="truck-return",
        )
