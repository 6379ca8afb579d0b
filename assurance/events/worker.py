"""What a Celery worker runs: one task, one job id."""

from __future__ import annotations

import logging

from celery import shared_task
from celery.signals import task_prerun
from django.db import close_old_connections
from django.utils import timezone

from assurance.events import actions

log = logging.getLogger(__name__)


@task_prerun.connect
def look_at_the_connection(**_given: object) -> None:
    """Begin on the connection of the task before, unless it is old or broken: to open one takes longer than most jobs."""
    close_old_connections()


@shared_task(name="assurance.run_job")
def run_job(job_id: int, attempt: int) -> None:
    """Count the attempt, do the work, note a failure."""
    if not actions.start_attempt(job_id=job_id, attempt=attempt, at=timezone.now()):
        return
    try:
        actions.run_job(job_id=job_id, at=timezone.now())
    except Exception as error:
        log.exception("job %s failed", job_id)
        actions.note_failure(job_id=job_id, at=timezone.now(), error=f"{type(error).__name__}: {error}")


@shared_task(name="assurance.tick")
def tick() -> None:
    """Beat sends this every few seconds: it proves that beat, broker and worker reach each other."""
    now = timezone.now()
    actions.beat_heart("worker", at=now)
    actions.enqueue_schedules(at=now)
