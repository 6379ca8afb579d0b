"""``python -m tests.experiments.entry relay|worker|beat|web PORT``: a real process, with the experiments' jobs and, if asked, a sabotage.

A sabotage brings one defect back, so that an experiment can be seen to fail. Nothing of this is in the product.
"""

from __future__ import annotations

import os
import sys
import time

import django

LIMITS = {"work": 1, "notices": 5, "runs": 4}
BACK_OFF = (0, 0, 1, 1, 1)
FEES_AT_ONCE = 50


def quicker() -> None:
    """Shorten limits and waits, so that five attempts take seconds and not half an hour; the mechanism is the same."""
    from django.conf import settings

    from assurance.events import lifecycle
    from assurance.fees.actions import running

    settings.JOB_TIME_LIMITS = LIMITS
    settings.JOB_PUBLISH_LEASE_SECONDS = 4
    settings.JOB_LEASE_SLACK_SECONDS = 1
    lifecycle.BACK_OFF_SECONDS = BACK_OFF  # type: ignore[misc]
    running.OPERATIONS_AT_ONCE = FEES_AT_ONCE  # type: ignore[misc]


def no_sweeper() -> None:
    """A job that was published once is never published again."""
    from assurance.events.lifecycle import JobState
    from assurance.events.models import JobQuerySet

    real = JobQuerySet.due
    JobQuerySet.due = lambda self, at: real(self, at).filter(state=JobState.NEW)  # type: ignore[method-assign]


def attempts_with_the_work() -> None:
    """Attempts are counted in the transaction of the work, so a killed worker leaves no trace."""
    from assurance.events import actions, worker

    actions.start_attempt = worker.actions.start_attempt = lambda *, job_id, attempt, at: True  # type: ignore[assignment]


def done_before_the_work() -> None:
    """A job is marked as done, and committed, before its work, which takes a moment."""
    from django.db import transaction

    from assurance.events import actions, registry
    from assurance.events.lifecycle import JobState
    from assurance.events.models import Job

    def run_job(*, job_id: int, at: object) -> None:
        taken = Job.objects.filter(pk=job_id, state=JobState.SENT)
        if taken.update(state=JobState.DONE, done_at=at, lease_until=None):
            job = Job.objects.get(pk=job_id)
            time.sleep(0.05)
            with transaction.atomic():
                registry.HANDLERS[job.handler].work(**job.payload)

    actions.run_job = run_job


def no_unique_key() -> None:
    """Operations are rated without locking their place in the queue (and the experiment has dropped the unique key)."""
    from assurance.fees.actions import charging

    charging.TAKE = charging.TAKE.replace("FOR UPDATE SKIP LOCKED", "")  # type: ignore[misc]


def gone_before_its_line() -> None:
    """An operation leaves the queue, and that is committed, before its line is written (and nothing in the database objects)."""
    import time

    from django.db import connection

    from assurance.fees.actions import charging

    real = charging._take

    def take(most: int, tried_before: object) -> list[charging.Due]:
        due = real(most, tried_before)  # type: ignore[arg-type]
        with connection.cursor() as cursor:
            cursor.execute(charging.LEAVE, [[one.operation_id for one in due]])
        connection.connection.commit()
        time.sleep(0.1)
        return due

    charging._take = take


def float_money() -> None:
    """Amounts are rounded as floats."""
    from decimal import Decimal

    from assurance.fees import rating

    rating.fen = lambda amount: Decimal(f"{round(float(amount), 2):.2f}")  # type: ignore[assignment]


def rows_before_their_count() -> None:
    """The rows of a batch are committed before it is written down that they went in."""
    import time

    from django.db import connection

    from assurance.products import actions

    real = actions.create_all

    def create_all(new: object) -> object:
        made = real(new)  # type: ignore[arg-type]
        connection.connection.commit()
        time.sleep(0.1)
        return made

    actions.create_all = create_all  # type: ignore[assignment]


SABOTAGES = {
    f.__name__: f
    for f in (
        no_sweeper,
        attempts_with_the_work,
        done_before_the_work,
        no_unique_key,
        gone_before_its_line,
        float_money,
        rows_before_their_count,
    )
}


def main(name: str, port: str) -> None:
    django.setup()
    quicker()
    from tests.experiments import work  # noqa: F401  registers the experiments' jobs

    if os.environ["EXPERIMENT_SABOTAGE"] in SABOTAGES:
        SABOTAGES[os.environ["EXPERIMENT_SABOTAGE"]]()
    if name == "relay":
        from django.core.management import call_command

        call_command("relay")
    elif name == "worker":
        from assurance.celery import app

        queues = ",".join(LIMITS)
        app.worker_main(["worker", "-Q", queues, "-c", "2", "-l", "WARNING", "--without-mingle", "--without-gossip"])
    elif name == "web":
        from gunicorn.app.wsgiapp import run

        sys.argv = ["gunicorn", "assurance.wsgi:application", "-b", f"127.0.0.1:{port}", "-w", "2", "--no-control-socket"]
        run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
