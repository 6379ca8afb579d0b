"""What pages ask about events and jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Count

from assurance.events.lifecycle import JobState
from assurance.events.models import Event, Heartbeat, Job

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from assurance.events.models import EventQuerySet
    from assurance.roles import Person

PROCESSES = ("relay", "worker")


def silent_processes(*, at: datetime, after: timedelta) -> list[str]:
    """Return the background processes that have not shown themselves for so long."""
    alive = set(Heartbeat.objects.filter(at__gt=at - after).values_list("process", flat=True))
    return [name for name in PROCESSES if name not in alive]


@dataclass(frozen=True)
class JobCounts:
    """How background work stands."""

    waiting: int
    in_flight: int
    parked: int


def job_counts(*, at: datetime) -> JobCounts:
    """Count what waits, what is being worked on and what gave up."""
    open_jobs = Job.objects.filter(state__in=(JobState.NEW, JobState.SENT)).aggregate(n=Count("id"))["n"]
    in_flight = Job.objects.in_flight(at).count()
    return JobCounts(open_jobs - in_flight, in_flight, Job.objects.parked().count())


@dataclass(frozen=True)
class TrailEntry:
    """One change, and who made it."""

    event: Event
    actor: Person | None
    changes: list[tuple[str, object, object]]


def trail(user: Person) -> EventQuerySet:
    """Return the changes this user may know of, newest first."""
    return Event.objects.visible_to(user).order_by("-id")


def trail_entries(events: list[Event], *, seen_by: Person) -> list[TrailEntry]:
    """Return events with who made them; the log itself holds none, so that it can outlive them."""
    people = get_user_model().objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [
        TrailEntry(
            event,
            people.get(event.actor_id),
            [(name, before, after) for name, (before, after) in event.changes_for(seen_by).items()],
        )
        for event in events
    ]
