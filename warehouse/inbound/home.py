"""What home pages show of goods on their way in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from assurance.calendar import SHANGHAI
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import MERCHANT, Role
from warehouse.inbound.gate import by_turn
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import ShipmentLine, ShipmentNotice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

RECEIVERS: Final = (Role.WAREHOUSE_OPERATOR,)
SHOWN: Final = 6


@dataclass(frozen=True)
class Today:
    """A warehouse's shipments in figures."""

    expected: int
    late: int
    receiving: int
    later: int


@offers_panel(RECEIVERS, place=10, columns=4)
def today(user: User, *, at: datetime) -> Panel:
    """Show what the day brings. One query."""
    day = at.astimezone(SHANGHAI).date()
    announced = Q(state=NoticeState.ANNOUNCED)
    counts = (
        ShipmentNotice.objects.visible_to(user)
        .expected()
        .aggregate(
            expected=Count("pk", filter=announced & Q(expected_date=day)),
            late=Count("pk", filter=announced & Q(expected_date__lt=day)),
            receiving=Count("pk", filter=Q(state=NoticeState.RECEIVING)),
            later=Count("pk", filter=announced & Q(expected_date__gt=day)),
        )
    )
    return Panel(
        title=gettext("Today"),
        note=date_format(day, "Y-m-d"),
        template="warehouse/inbound/_home_today.html",
        shown=Today(**counts),
    )


@offers_panel(RECEIVERS, place=20, columns=7)
def expected(user: User, *, at: datetime) -> Panel:
    """Show what comes next, by booked slot, then by day. One query."""
    notices = ShipmentNotice.objects.visible_to(user).expected().select_related("merchant").with_units()
    return Panel(
        title=gettext("Shipments that are expected"),
        template="warehouse/inbound/_home_expected.html",
        shown={"notices": list(by_turn(notices)[:SHOWN]), "today": at.astimezone(SHANGHAI).date()},
        url=reverse("inbound:list"),
        more=gettext("All shipments"),
    )


@offers_steps
def announce_what_is_enrolled(user: User, *, at: datetime) -> Iterator[Step]:
    """Tell a merchant which enrolled product he has never announced. One query."""
    if user.role not in MERCHANT:
        return
    sent = ShipmentLine.objects.visible_to(user).values("product_id")
    waiting = Enrolment.objects.visible_to(user).filter(state=EnrolmentState.APPROVED, valid_until__gt=at).exclude(product_id__in=sent)
    for enrolment in waiting.select_related("product").order_by("-id")[:2]:
        yield Step(
            title=gettext("Announce a shipment of %(product)s") % {"product": enrolment.product.shown_name},
            detail=gettext("It is enrolled. The badge comes when its first lot was inspected."),
            url=reverse("inbound:create"),
            verb=gettext("Announce"),
            tone="wait",
            icon="truck-delivery",
        )
