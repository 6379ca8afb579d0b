"""The worker's side of long work."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.models import Job
from assurance.events.registry import job
from assurance.runs import actions


@job(queue="runs")
def advance(*, run_id: int, **_from_newer_writers: object) -> None:
    """Do one batch."""
    actions.advance(run_id=run_id, at=timezone.now())


@job("events.job.parked")
def fail_parked_run(*, job_id: int, **_from_newer_writers: object) -> None:
    """A batch that failed in every attempt ends its run."""
    parked = Job.objects.get(pk=job_id)
    if parked.handler == actions.WORK_HANDLER:
        actions.fail_run(run_id=parked.payload["run_id"], at=timezone.now(), failure=parked.last_error)
