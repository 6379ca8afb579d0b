"""Write down what happened, and do what must follow."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from assurance.events import registry
from assurance.events.changes import Changes, change, plain, without_persons
from assurance.events.lifecycle import JobState, wait_after
from assurance.events.models import Event, Heartbeat, Job
from assurance.inserting import insert_all
from assurance.prepared import Part, Statement
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

    from assurance.roles import Person


START: Final = """
UPDATE assurance_job
   SET attempts = %(attempt)s, lease_until = %(at)s + make_interval(secs => (%(lasting)s::jsonb ->> queue)::int)
 WHERE id = %(id)s AND state = 'sent' AND attempts = %(attempt)s - 1 AND next_at <= %(at)s
"""
TAKE: Final = Statement(
    "take_job",
    "bigint",
    (Part("j", Job, ("id", "handler", "payload")),),
    "FROM assurance_job j WHERE j.id = $1 AND j.state = 'sent' FOR UPDATE SKIP LOCKED",
)
DONE: Final = "UPDATE assurance_job SET state = 'done', done_at = %(at)s, lease_until = NULL, last_error = '' WHERE id = %(id)s"


class JobNotParked(Refused):
    code = "job_not_parked"
    message = _("Only a parked job can be started again.")


def announce(
    kind: str,
    *,
    actor: Person | None,
    at: datetime,
    subject: Model,
    changes: Changes | None = None,
    reason: str = "",
    organisation_id: int | None = None,
    **ids: int,
) -> Event:
    """Write what happened and one job per subscriber; nothing is sent from here.

    Must be called inside the transaction of the change itself. ``ids`` is what the subscribers get; the subject's own
    id is always among them as ``subject_id``. ``organisation_id`` defaults to the subject's organisation or merchant.
    """
    return announce_all([(kind, subject, changes or {}, ids)], actor=actor, at=at, reason=reason, organisation_id=organisation_id)[0]


def announce_all(
    news: list[tuple[str, Model, Changes, dict[str, int]]],
    *,
    actor: Person | None,
    at: datetime,
    reason: str = "",
    organisation_id: int | None = None,
) -> list[Event]:
    """Write many events of one person and moment, and their jobs, in a handful of statements."""
    return announce_each([News(kind, subject, changes, at, actor, ids, reason, organisation_id) for kind, subject, changes, ids in news])


@dataclass(frozen=True)
class News:
    """One thing that happened, with its own moment and person; see ``announce``."""

    kind: str
    subject: Model
    changes: Changes
    at: datetime
    actor: Person | None = None
    ids: Mapping[str, int | str] = field(default_factory=dict)
    reason: str = ""
    organisation_id: int | None = None


def announce_each(news: Sequence[News]) -> list[Event]:
    """Write many events, each of its own moment and person, and their jobs; as many statements for one as for thousands."""
    if not connection.in_atomic_block:
        raise RuntimeError("announce() must share the transaction of the change it tells of")
    shown = without_persons([(one.subject, one.changes) for one in news])
    events = insert_all(
        [
            Event(
                kind=one.kind,
                at=one.at,
                actor_id=getattr(one.actor, "pk", None),
                organisation_id=one.organisation_id if one.organisation_id is not None else owner_of(one.subject),
                subject_kind=one.subject._meta.label_lower,
                subject_id=one.subject.pk,
                changes=changes,
                reason=one.reason,
                ids={name: plain(value) for name, value in one.ids.items()},
            )
            for one, changes in zip(news, shown, strict=True)
        ]
    )
    jobs = [
        Job(
            event=event,
            handler=handler.name,
            key=f"{handler.name}:{event.pk}",
            queue=handler.queue,
            payload=event.ids | {"subject_id": event.subject_id},
            next_at=event.at,
            created_at=event.at,
        )
        for event in events
        for handler in registry.SUBSCRIBERS[event.kind]
    ]
    insert_all(jobs)
    return events


def owner_of(subject: Model) -> int | None:
    """Return the organisation whose audit trail this belongs to."""
    if subject._meta.model_name == "organisation":
        return int(subject.pk)
    for name in ("merchant_id", "organisation_id"):
        value = getattr(subject, name, None)
        if value is not None:
            return int(value)
    return None


def enqueue(handler_name: str, *, key: str, at: datetime, next_at: datetime | None = None, **payload: Any) -> None:
    """Ask for one piece of work outside any event; the same key twice is one job."""
    handler = registry.HANDLERS[handler_name]
    job = Job(
        handler=handler.name,
        key=f"{handler.name}:{key}",
        queue=handler.queue,
        payload=plain(payload),
        next_at=next_at or at,
        created_at=at,
    )
    Job.objects.bulk_create([job], ignore_conflicts=True)


def enqueue_schedules(*, at: datetime) -> None:
    """Ask for every scheduled work of the period that ``at`` lies in."""
    for handler, seconds in registry.SCHEDULES.values():
        period = int(at.timestamp()) // seconds * seconds
        enqueue(handler.name, key=datetime.fromtimestamp(period, UTC).isoformat(), at=at)


@dataclass(frozen=True)
class Leased:
    """A job to publish: which, on which queue, and the number of the attempt that its message may begin."""

    job_id: int
    queue: str
    attempt: int


def lease_due_jobs(*, at: datetime, most: int) -> list[Leased]:
    """Park what failed too often, lease what is due, and return it for the relay to publish.

    At most so many jobs of a queue are in flight: long runs do not starve notices, and the broker stays small.
    """
    leased: list[Leased] = []
    with transaction.atomic():
        in_flight = dict(Job.objects.in_flight(at).values_list("queue").annotate(n=Count("id")))
        for queue in settings.JOB_TIME_LIMITS:
            room = min(most, settings.JOB_MAX_IN_FLIGHT - in_flight.get(queue, 0))
            if room > 0:
                leased += lease_of_queue(queue, room, at=at)
    return leased


def lease_of_queue(queue: str, most: int, *, at: datetime) -> list[Leased]:
    """Lease the due jobs of one queue, oldest first."""
    rows = list(Job.objects.due(at).filter(queue=queue).order_by("next_at", "id").select_for_update(skip_locked=True)[:most])
    for row in rows:
        if row.attempts >= settings.JOB_MAX_ATTEMPTS:
            park(row, at=at, error=row.last_error or "the worker died in every attempt")
    going = [row for row in rows if row.state != JobState.PARKED]
    Job.objects.filter(pk__in=[row.pk for row in going]).update(
        state=JobState.SENT, lease_until=at + timedelta(seconds=settings.JOB_PUBLISH_LEASE_SECONDS)
    )
    return [Leased(row.pk, queue, row.attempts + 1) for row in going]


def start_attempt(*, job_id: int, attempt: int, at: datetime) -> bool:
    """Count the attempt in a transaction of its own, before the work: a killed worker must leave a trace.

    One statement that commits by itself. A message may begin only the attempt it was published for, so a second delivery
    and one that comes too late count nothing.
    """
    lasting = {queue: seconds + settings.JOB_LEASE_SLACK_SECONDS for queue, seconds in settings.JOB_TIME_LIMITS.items()}
    with connection.cursor() as cursor:
        cursor.execute(START, {"id": job_id, "attempt": attempt, "at": at, "lasting": json.dumps(lasting)})
        return cursor.rowcount == 1


def run_job(*, job_id: int, at: datetime) -> None:
    """Do the work and mark it done in one transaction; a second delivery finds nothing to do."""
    with transaction.atomic():
        found = TAKE.row(job_id)
        if found is None:
            return
        job: Job = found[0]["j"]
        registry.HANDLERS[job.handler].work(**job.payload)
        with connection.cursor() as cursor:
            cursor.execute(DONE, {"id": job_id, "at": at})


def note_failure(*, job_id: int, at: datetime, error: str) -> None:
    """Plan the next attempt, or park the job after the last one."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.state != JobState.SENT:
            return
        if job.attempts >= settings.JOB_MAX_ATTEMPTS:
            park(job, at=at, error=error)
            return
        job.lease_until, job.last_error = None, error[:2000]
        job.next_at = at + timedelta(seconds=wait_after(job.attempts))
        job.save(update_fields=["lease_until", "last_error", "next_at"])


def park(job: Job, *, at: datetime, error: str) -> None:
    """Take a job out of the queue that failed in every attempt; an administrator decides. The caller holds its lock."""
    changes = change(job, state=JobState.PARKED)
    job.lease_until, job.last_error = None, error[:2000]  # an error may quote a person's data: not for the log
    job.save(update_fields=["state", "lease_until", "last_error"])
    announce("events.job.parked", actor=None, at=at, subject=job, changes=changes, job_id=job.pk)


@transaction.atomic
def restart_job(*, job_id: int, actor: Person, at: datetime, reason: str) -> Job:
    """Give a parked job five new attempts.

    :raises JobNotParked: if it is waiting, running or done
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != JobState.PARKED:
        raise JobNotParked
    changes = change(job, state=JobState.NEW, attempts=0, next_at=at)
    job.save(update_fields=["state", "attempts", "next_at"])
    announce("events.job.restarted", actor=actor, at=at, subject=job, changes=changes, reason=reason, job_id=job.pk)
    return job


def beat_heart(process: str, *, at: datetime) -> None:
    """Stamp that this kind of process works."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": at})
