"""What home pages show of the audit trail and of background work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from assurance.events.models import Event, Job
from assurance.events.queries import JobCounts, job_counts, silent_processes
from assurance.events.subjects import PERSON, SUBJECTS, Rows
from assurance.events.wording import words
from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

SILENT_AFTER: Final = timedelta(seconds=60)
SHOWN: Final = 6
ADMIN: Final = (Role.PLATFORM_ADMIN,)
AUDITOR: Final = (Role.AUDITOR,)


@offers_steps
def decide_parked_jobs(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  the front door's signature
    """Tell the administrator of jobs that gave up. One query."""
    if user.role != Role.PLATFORM_ADMIN:
        return
    parked = Job.objects.visible_to(user).parked().count()
    if parked:
        yield Step(
            title=ngettext("%(n)s job failed in every attempt", "%(n)s jobs failed in every attempt", parked) % {"n": parked},
            detail=gettext("Nothing follows until somebody looks at the error and decides."),
            url=reverse("events:jobs"),
            verb=gettext("Look"),
            tone="fail",
            icon="parking",
        )


@dataclass(frozen=True)
class Background:
    """How background work stands: which processes are silent, and the jobs."""

    silent: list[str]
    jobs: JobCounts


@offers_panel(ADMIN, place=10, columns=4)
def background(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show whether relay and worker live, and what waits. Three queries of a few rows."""
    return Panel(
        title=gettext("Background work"),
        template="events/_home_background.html",
        shown=Background(silent_processes(at=at, after=SILENT_AFTER), job_counts(at=at)),
        url=reverse("events:jobs"),
        more=gettext("Parked jobs"),
    )


@dataclass(frozen=True)
class Happened:
    """One line of the trail: what, to what, by whom. Only people are named; for the other names the trail has its own page."""

    event: Event
    what: str
    subject: str
    who: str


@offers_panel(AUDITOR, place=20, columns=12)
@offers_panel(ADMIN, place=40, columns=8)
def newest_entries(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show what happened last. Two queries."""
    events = list(Event.objects.visible_to(user).order_by("-id")[:SHOWN])
    people = Rows.of(events, user, tables={PERSON})
    return Panel(
        title=gettext("What happened last"),
        template="events/_home_trail.html",
        shown=[_happened(event, people) for event in events],
        url=reverse("events:trail"),
        more=gettext("Audit trail"),
    )


def _happened(event: Event, people: Rows) -> Happened:
    subject = SUBJECTS.get(event.subject_kind)
    name = people.name((event.subject_kind, event.subject_id))
    who = people.name((PERSON, event.actor_id)) if event.actor_id else gettext("the platform")
    return Happened(event, words(event.kind), f"{subject.noun if subject else event.subject_kind} {name}", who)
