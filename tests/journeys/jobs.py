"""What relay and worker do, done in this process: the journeys are about what people see, the experiments about processes."""

from __future__ import annotations

from django.utils import timezone

from assurance.events.actions import lease_due_jobs
from assurance.events.models import Job
from assurance.events.worker import run_job
from assurance.evidence.sequencer import sequence_new_entries


def work_off() -> int:
    """Do every due job and number the log; return how many jobs were done. A job that fails stays to be seen.

    :raises AssertionError: naming what failed
    """
    done = 0
    while leased := lease_due_jobs(at=timezone.now(), most=100):
        for one in leased:
            run_job(one.job_id, one.attempt)
            done += 1
    while sequence_new_entries(at=timezone.now()):
        pass
    failed = list(Job.objects.exclude(last_error="").values_list("handler", "last_error"))
    assert failed == []
    return done
