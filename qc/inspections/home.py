"""What home pages show of inspections: a merchant's goods under way, a warehouse's queue, the verdicts of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Case, Count, F, Q, Sum, When, Window
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.home import Panel, offers_panel
from assurance.roles import MERCHANT, QC, Role
from qc.inspections.lifecycle import UNDECIDED, InspectionState
from qc.inspections.models import Inspection
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import ShipmentLine

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

UNDER_WAY: Final = 3
INSPECTED: Final = 4
QUEUED: Final = 7
DECIDED: Final = 5
LATELY: Final = timedelta(days=30)
RECEIVERS: Final = (Role.WAREHOUSE_OPERATOR,)


@dataclass(frozen=True)
class UnderWay:
    """A merchant's newest goods: lines on the road, and inspections with how far they are."""

    lines: list[ShipmentLine]
    inspections: list[tuple[Inspection, str]]


@offers_panel(MERCHANT, place=30, columns=7)
def under_way(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show where a merchant's newest goods are: on the road, waiting, being inspected, decided. Two queries."""
    lines = ShipmentLine.objects.visible_to(user).filter(notice__state=NoticeState.ANNOUNCED).select_related("notice", "product")
    undecided_first = Case(When(state__in=sorted(UNDECIDED), then=0), default=1)
    inspections = Inspection.objects.visible_to(user).select_related("lot", "product").with_progress().order_by(undecided_first, "-id")
    return Panel(
        title=gettext("On the way and under inspection"),
        template="qc/inspections/_home_under_way.html",
        shown=UnderWay(
            list(lines.order_by("-notice_id", "id")[:UNDER_WAY]),
            [(inspection, progress(inspection)) for inspection in inspections[:INSPECTED]],
        ),
        url=reverse("inbound:create"),
        more=gettext("Announce a shipment"),
    )


def progress(inspection: Inspection) -> str:
    """Return how far an inspection is that somebody is at; nothing for the others."""
    is_begun = inspection.state == InspectionState.CLAIMED
    return f"{inspection.recorded_units}/{inspection.sample_size}" if is_begun else ""  # type: ignore[attr-defined]


def waiting(user: User, most: int) -> list[Inspection]:
    """Return what is not decided in a warehouse, the earliest due first, each with how many there are in all. One query."""
    found = Inspection.objects.visible_to(user).undecided().select_related("lot", "product", "inspector").with_progress()
    counted = found.annotate(in_all=Window(Count("pk")), units_in_all=Window(Sum("lot_size")))
    return list(counted.order_by("due_at", "id")[:most])


def queue_panel(user: User, *, at: datetime, title: str) -> Panel:
    found: list[Any] = waiting(user, QUEUED)
    lots = found[0].in_all if found else 0
    note = (
        ngettext("%(n)s lot, %(units)s units", "%(n)s lots, %(units)s units", lots) % {"n": lots, "units": f"{found[0].units_in_all:,}"}
        if found
        else ""
    )
    return Panel(
        title=title,
        note=note,
        template="qc/inspections/_home_queue.html",
        shown={"queue": found, "now": at},
        url=reverse("inspections:list"),
        more=gettext("All inspections"),
    )


@offers_panel(RECEIVERS, place=30, columns=5)
def waiting_for_inspection(user: User, *, at: datetime) -> Panel:
    """Show the warehouse which lots wait for their verdict. One query."""
    panel = queue_panel(user, at=at, title=gettext("Waiting for a verdict"))
    return Panel(panel.title, "qc/inspections/_home_waiting.html", panel.shown, panel.note, panel.url, panel.more)


@offers_panel(QC, place=20, columns=7)
def queue(user: User, *, at: datetime) -> Panel:
    """Show inspectors the queue by due time. One query."""
    return queue_panel(user, at=at, title=gettext("Queue by due time"))


@dataclass(frozen=True)
class Month:
    """What was decided in a warehouse in the last thirty days."""

    decided: int
    rejected: int
    inspected: int
    defective: int

    @property
    def percent(self) -> float | None:
        """The share of defective units among those that were inspected."""
        return 100 * self.defective / self.inspected if self.inspected else None


@offers_panel(QC, place=10, columns=4)
def month(user: User, *, at: datetime) -> Panel:
    """Show inspectors the verdicts of a month in figures. One query."""
    decided = Inspection.objects.visible_to(user).filter(decided_at__gt=at - LATELY)
    counts = decided.aggregate(
        decided=Count("pk"),
        rejected=Count("pk", filter=Q(state=InspectionState.REJECTED)),
        inspected=Sum("inspected", default=0),
        defective=Sum("nonconforming", default=0),
    )
    return Panel(title=gettext("Verdicts of 30 days"), template="qc/inspections/_home_month.html", shown=Month(**counts))


@offers_panel(QC, place=30, columns=5)
def verdicts(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show inspectors what was decided last. One query."""
    decided = Inspection.objects.visible_to(user).filter(decided_at__isnull=False).select_related("lot", "product")
    return Panel(
        title=gettext("Newest verdicts"),
        template="qc/inspections/_home_verdicts.html",
        shown=list(decided.annotate(share=F("nonconforming") * 100.0 / F("inspected")).order_by("-decided_at", "-id")[:DECIDED]),
        url=reverse("inspections:list") + "?scope=decided",
        more=gettext("All verdicts"),
    )
