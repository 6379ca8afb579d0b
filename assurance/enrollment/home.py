"""What home pages show of enrolments and their review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Case, Count, Q, When
from django.urls import reverse
from django.utils.translation import gettext

from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.enrollment.queries import Waypoint, queue, waypoints
from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import MERCHANT, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

SHOWN: Final = 5
QUEUED: Final = 8
LATELY: Final = timedelta(days=30)
REVIEWERS: Final = (Role.ENROLMENT_REVIEWER,)


@dataclass(frozen=True)
class Way:
    """One enrolment and how far it is."""

    enrolment: Enrolment
    steps: list[Waypoint]


@offers_panel(MERCHANT, place=20, columns=5)
def enrolments(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show how far a merchant's enrolments are, those that wait for him first. One query."""
    concern = Case(
        When(state=EnrolmentState.NEEDS_CHANGES, then=0),
        When(state=EnrolmentState.DRAFT, then=1),
        When(state=EnrolmentState.SUBMITTED, then=2),
        default=3,
    )
    found = Enrolment.objects.visible_to(user).select_related("product").order_by(concern, "-id")[:SHOWN]
    return Panel(
        title=gettext("Enrolments"),
        template="enrollment/_home_enrolments.html",
        shown=[Way(enrolment, waypoints(enrolment)) for enrolment in found],
        url=reverse("enrollment:create"),
        more=gettext("Enrol a product"),
    )


@offers_steps
def first_step(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Tell a merchant who has entered nothing where to begin."""
    if user.role in MERCHANT and not Enrolment.objects.visible_to(user).exists():
        yield Step(
            title=gettext("Enter your first product"),
            detail=gettext("It is reviewed, then you may send goods to a warehouse."),
            url=reverse("enrollment:create"),
            verb=gettext("Begin"),
            tone="run",
            icon="shield-plus",
        )


@dataclass(frozen=True)
class QueueCounts:
    """How the review stands."""

    waiting: int
    overdue: int
    unclaimed: int
    mine: int
    decided: int


@offers_panel(REVIEWERS, place=10, columns=4)
def review_counts(user: User, *, at: datetime) -> Panel:
    """Show how much waits. Two queries."""
    waiting = Enrolment.objects.visible_to(user).waiting_for_review()
    counts = waiting.aggregate(
        waiting=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=at)),
        unclaimed=Count("pk", filter=Q(claimed_by=None)),
        mine=Count("pk", filter=Q(claimed_by_id=user.pk)),
    )
    decided = Enrolment.objects.visible_to(user).filter(decided_at__gt=at - LATELY).count()
    return Panel(
        title=gettext("The queue in figures"),
        template="enrollment/_home_counts.html",
        shown=QueueCounts(**counts, decided=decided),
    )


@offers_panel(REVIEWERS, place=20, columns=12)
def review_queue(user: User, *, at: datetime) -> Panel:
    """Show what waits for review, the earliest due first. One query."""
    return Panel(
        title=gettext("Waiting for review"),
        template="enrollment/_home_queue.html",
        shown={"queue": list(queue(user)[:QUEUED]), "now": at},
        url=reverse("enrollment:queue"),
        more=gettext("To the queue"),
    )
