"""One task an event: jobs through the relay, beside Celery no-ops through the same broker and worker settings."""

from __future__ import annotations

import time
from typing import Any, Final

COUNT: Final = 1_000
QUEUE: Final = "work"


def register() -> None:
    """Add a job that does nothing and a bare task that does nothing."""
    from celery import shared_task

    from assurance.events.registry import job

    @job(queue=QUEUE)
    def nothing(*, number: int) -> None:
        del number

    @shared_task(name="benchmarks.noop")
    def noop() -> None:
        return


def worker() -> None:
    """``python -m benchmarks.jobs``: the platform's worker with the two extra pieces of work."""
    import django

    django.setup()
    register()
    from assurance.celery import app

    app.worker_main(["worker", "-Q", f"{QUEUE},noop", "-c", "2", "-l", "ERROR", "--without-mingle", "--without-gossip"])


def through_the_relay() -> float:
    """Return jobs a second: written in one statement, published by the relay, done by the worker."""
    from django.utils import timezone

    from assurance.events.models import Job

    now = timezone.now()
    stamp = f"{time.time_ns()}"
    jobs = [
        Job(
            handler="benchmarks.jobs.nothing",
            key=f"{stamp}:{number}",
            queue=QUEUE,
            payload={"number": number},
            next_at=now,
            created_at=now,
        )
        for number in range(COUNT)
    ]
    began = time.perf_counter()
    Job.objects.bulk_create(jobs)
    _wait(nothing_waits)
    return COUNT / (time.perf_counter() - began)


def drain() -> None:
    """Let what other figures left behind be done first."""
    _wait(nothing_waits, seconds=600)


def nothing_waits() -> bool:
    """Say whether every job of the queue that this worker looks after is done."""
    from assurance.events.lifecycle import JobState
    from assurance.events.models import Job

    return not Job.objects.filter(state__in=(JobState.NEW, JobState.SENT), queue=QUEUE).exists()


def no_ops() -> float:
    """Return bare Celery tasks a second from the first publish to the last acknowledgement."""
    import redis
    from django.conf import settings

    from assurance.celery import app

    broker = redis.Redis.from_url(settings.REDIS_URL)
    noop: Any = app.tasks["benchmarks.noop"]
    began = time.perf_counter()
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(COUNT):
            noop.apply_async(queue="noop", producer=producer)
    _wait(lambda: broker.llen("noop") == 0 and broker.hlen("unacked") == 0)
    return COUNT / (time.perf_counter() - began)


def _wait(holds: Any, *, seconds: float = 60) -> None:
    end = time.perf_counter() + seconds
    while not holds():
        if time.perf_counter() > end:
            raise TimeoutError("the queue was not drained")
        time.sleep(0.005)


if __name__ == "__main__":
    from benchmarks import jobs  # by its own name: a job is called by its module's

    jobs.worker()
