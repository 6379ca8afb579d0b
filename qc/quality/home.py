"""What home pages offer about goods that wait for a word: lots without a decision, wishes, corrective actions, shipments without a slot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, DateTimeField, Exists, F, Min, OuterRef, Value
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.home import Step, offers_steps
from assurance.roles import MERCHANT, Role
from qc.nonconformance.lifecycle import DispositionState
from qc.nonconformance.models import Disposition, NonConformance
from qc.quality.lifecycle import ActionState
from qc.quality.models import CorrectiveAction
from warehouse.inbound.lifecycle import NoticeState
from warehouse.inbound.models import Booking, ShipmentNotice, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

    from assurance.accounts.models import User


@offers_steps
def steps(user: User, *, at: datetime) -> Iterator[Step]:
    """Offer merchants and leads of quality control what waits for their word. One query."""
    if user.role in MERCHANT:
        yield from _merchants(user, at=at)
    elif user.role == Role.QC_LEAD:
        yield from _leads(user)


def _merchants(user: User, *, at: datetime) -> Iterator[Step]:
    told = _counted(
        {
            "lots": (NonConformance.objects.visible_to(user).undecided(), "due_at"),
            "actions": (CorrectiveAction.objects.visible_to(user).filter(state=ActionState.DEMANDED), ""),
            "slots": (_without_a_slot(user, at=at), ""),
        }
    )
    if "actions" in told:
        n = told["actions"][0]
        yield Step(
            title=ngettext("%(n)s corrective action to answer", "%(n)s corrective actions to answer", n) % {"n": n},
            detail=gettext("Inspection is suspended. Say what the cause was and what you changed."),
            url=reverse("quality:board"),
            verb=gettext("Answer"),
            tone="stop",
            icon="tools",
        )
    if "lots" in told:
        n, due_at = told["lots"]
        yield Step(
            title=ngettext("%(n)s lot to decide on", "%(n)s lots to decide on", n) % {"n": n},
            detail=gettext("It failed its inspection. Without a decision it comes back to you."),
            url=reverse("nonconformance:list"),
            verb=gettext("Decide"),
            tone="hold",
            icon="scale",
            due_at=due_at,
        )
    if "slots" in told:
        n = told["slots"][0]
        yield Step(
            title=ngettext("%(n)s shipment without a slot", "%(n)s shipments without a slot", n) % {"n": n},
            detail=gettext("The warehouse takes booked shipments first."),
            url=reverse("inbound:list"),
            verb=gettext("Book"),
            tone="wait",
            icon="calendar-event",
        )


def _leads(user: User) -> Iterator[Step]:
    asked = Disposition.objects.visible_to(user).filter(state=DispositionState.REQUESTED)
    submitted = CorrectiveAction.objects.visible_to(user).filter(state=ActionState.SUBMITTED)
    told = _counted({"asked": (asked, "non_conformance__due_at"), "submitted": (submitted, "")})
    if "submitted" in told:
        n = told["submitted"][0]
        yield Step(
            title=ngettext("%(n)s corrective action to decide on", "%(n)s corrective actions to decide on", n) % {"n": n},
            detail=gettext("The merchant has said cause and remedy. Approval lets inspection go on."),
            url=reverse("quality:board"),
            verb=gettext("Decide"),
            tone="hold",
            icon="tools",
        )
    if "asked" in told:
        n, due_at = told["asked"]
        yield Step(
            title=ngettext("%(n)s wish to answer", "%(n)s wishes to answer", n) % {"n": n},
            detail=gettext("A merchant asks what should become of goods that failed."),
            url=reverse("nonconformance:list"),
            verb=gettext("Answer"),
            tone="run",
            icon="message-question",
            due_at=due_at,
        )


def _without_a_slot(user: User, *, at: datetime) -> QuerySet[Any]:
    """Return the announced shipments that have booked no slot though their warehouse still has free ones."""
    booked = Booking.objects.standing().filter(notice=OuterRef("pk"))
    free = Slot.objects.filter(warehouse=OuterRef("warehouse"), starts_at__gt=at, booked__lt=F("capacity"))
    return ShipmentNotice.objects.visible_to(user).filter(~Exists(booked), Exists(free), state=NoticeState.ANNOUNCED)


def _counted(sets: Mapping[str, tuple[QuerySet[Any], str]]) -> dict[str, tuple[int, datetime | None]]:
    """Return how many rows each set has, and the earliest of a moment, of those that have any. One query."""
    parts = [
        found.order_by()
        .values(said=Value(name))
        .annotate(n=Count("pk"), due=Min(moment) if moment else Value(None, output_field=DateTimeField()))
        .values_list("said", "n", "due")
        for name, (found, moment) in sets.items()
    ]
    return {name: (n, due) for name, n, due in parts[0].union(*parts[1:], all=True) if n}
