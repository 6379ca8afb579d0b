"""What home pages show of parcels on their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.calendar import SHANGHAI
from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import Role
from logistics.dispatch.lifecycle import WaybillState
from logistics.dispatch.models import Waybill
from logistics.tracking import queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

CARRIERS: Final = (Role.COURIER_AGENT,)
SHOWN: Final = 8


@dataclass(frozen=True)
class Standing:
    """A courier's parcels in figures."""

    to_pick_up: int
    on_the_way: int
    in_trouble: int
    late: int


@offers_panel(CARRIERS, place=10, columns=4)
def standing(user: User, *, at: datetime) -> Panel:
    """Show how the courier's parcels stand. One query."""
    today = at.astimezone(SHANGHAI).date()
    moving = Q(state__in=(WaybillState.IN_TRANSIT, WaybillState.OUT_FOR_DELIVERY))
    counts = (
        Waybill.objects.visible_to(user)
        .on_the_way()
        .aggregate(
            to_pick_up=Count("pk", filter=Q(state=WaybillState.HANDED_OVER)),
            on_the_way=Count("pk", filter=moving),
            in_trouble=Count("pk", filter=Q(state=WaybillState.EXCEPTION)),
            late=Count("pk", filter=Q(promised_delivery_date__lt=today)),
        )
    )
    return Panel(gettext("Your parcels"), "logistics/tracking/_home_standing.html", shown=Standing(**counts))


@offers_panel(CARRIERS, place=20, columns=12)
def underway(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show what is due first. One query."""
    rows = queries.find(user).on_the_way().order_by("promised_delivery_date", "id")
    return Panel(
        gettext("Due first"),
        "logistics/tracking/_home_due.html",
        shown=list(rows[:SHOWN]),
        url=reverse("tracking:list"),
        more=gettext("All waybills"),
    )


@offers_steps
def deliver(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Offer the courier what waits for him. One query."""
    if user.role not in CARRIERS:
        return
    counts = (
        Waybill.objects.visible_to(user)
        .on_the_way()
        .aggregate(
            troubled=Count("pk", filter=Q(state=WaybillState.EXCEPTION)), fresh=Count("pk", filter=Q(state=WaybillState.HANDED_OVER))
        )
    )
    if n := counts["troubled"]:
        yield Step(
            title=ngettext("Settle %(n)s parcel in trouble", "Settle %(n)s parcels in trouble", n) % {"n": f"{n:,}"},
            detail=gettext("The merchants were told what is wrong and who answers for it."),
            url=f"{reverse('tracking:list')}?state={WaybillState.EXCEPTION}",
            verb=gettext("Look"),
            tone="hold",
            icon="alert-triangle",
        )
    if n := counts["fresh"]:
        yield Step(
            title=ngettext("Pick up %(n)s parcel", "Pick up %(n)s parcels", n) % {"n": f"{n:,}"},
            detail=gettext("The warehouse has handed them over. Scan them."),
            url=reverse("tracking:scan"),
            verb=gettext("Scan"),
            tone="run",
            icon="scan",
        )
