"""What pages ask about events and jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from assurance.events.lifecycle import JobState
from assurance.events.models import Event, Heartbeat, Job
from assurance.events.subjects import PERSON, SUBJECTS, Rows, value_in_words
from assurance.events.wording import words

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from assurance.events.models import EventQuerySet
    from assurance.events.subjects import Change
    from assurance.roles import Person

PROCESSES = ("relay", "worker")
OPEN = 3
"""How many changes of an entry stand open in the trail."""


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
    """Count what waits, what is being worked on and what gave up: each by its own index, the finished ones are never read."""
    held = Q(state=JobState.SENT, lease_until__gte=at)
    counts = Job.objects.filter(state__in=(JobState.NEW, JobState.SENT)).aggregate(
        waiting=Count("id", filter=~held), in_flight=Count("id", filter=held)
    )
    return JobCounts(**counts, parked=Job.objects.parked().count())


@dataclass(frozen=True)
class TrailEntry:
    """One change in words: what happened, to what, by whom, what changed."""

    event: Event
    what: str
    actor: Person | None
    noun: str
    subject: str
    url: str
    changes: list[Change]
    reason: str

    @property
    def about(self) -> str:
        """How the trail is asked for everything about this subject."""
        return f"{self.event.subject_kind}:{self.event.subject_id}"

    @property
    def shown(self) -> list[Change]:
        """The changes that stand open; one more than fits is shown too, rather than folded alone."""
        return self.changes if len(self.changes) <= OPEN + 1 else self.changes[:OPEN]

    @property
    def folded(self) -> list[Change]:
        return self.changes[len(self.shown) :]


def trail(
    user: Person,
    *,
    kind: str = "",
    actor: int | None = None,
    about: tuple[str, int] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
) -> EventQuerySet:
    """Return the changes this user may know of, newest first; each way of narrowing has an index.

    :param about: a subject's table as ``app.model`` and its number
    :param before: entries older than this one, for the next page: counting all of them would read the whole log
    """
    found: EventQuerySet = Event.objects.visible_to(user)
    if kind:
        found = found.filter(kind=kind)
    if actor:
        found = found.filter(actor_id=actor)
    if about:
        found = found.filter(subject_kind=about[0], subject_id=about[1])
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    if before:
        found = found.filter(pk__lt=before)
    return found.order_by("-id")


def trail_entries(events: list[Event], *, seen_by: Person) -> list[TrailEntry]:
    """Return events in words for one reader. The log itself holds no names, so that it can outlive them: one query per table."""
    rows = Rows.of(events, seen_by)
    return [_entry(event, rows) for event in events]


def _entry(event: Event, rows: Rows) -> TrailEntry:
    key = (event.subject_kind, event.subject_id)
    subject = SUBJECTS.get(event.subject_kind)
    return TrailEntry(
        event=event,
        what=words(event.kind),
        actor=rows.found.get((PERSON, event.actor_id)) if event.actor_id else None,
        noun=str(subject.noun) if subject else event.subject_kind,
        subject=rows.name(key),
        url=rows.url(key),
        changes=rows.changes(event),
        reason=value_in_words(event.subject_kind, "reason", event.reason) if event.reason else "",
    )
