"""The only place that talks to the broker."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils import timezone

from assurance.events import actions
from assurance.events.worker import run_job

if TYPE_CHECKING:
    from celery import Celery

log = logging.getLogger(__name__)
RELAY_LOCK = 7_203_001
"""Key of the advisory lock: one relay works, a second one waits as standby."""


def hold_lock() -> bool:
    """Try to become the working relay on this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RELAY_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def publish_due(celery: Celery, *, most: int) -> int:
    """Lease what is due and publish the ids. An unreachable broker costs a lease, never a job."""
    leased = actions.lease_due_jobs(at=timezone.now(), most=most)
    if not leased:
        return 0
    with celery.connection_for_write() as broker, celery.amqp.Producer(broker) as producer:
        for one in leased:
            run_job.apply_async(
                (one.job_id, one.attempt),
                queue=one.queue,
                producer=producer,  # of its own, each message would open a channel
                retry=False,
                time_limit=settings.JOB_TIME_LIMITS[one.queue],
            )
    return len(leased)
