"""G7 and G8: losing the broker loses no job; a poison job is parked, not looped."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

from django.db import connection
from django.utils import timezone

from assurance.events.actions import enqueue
from assurance.events.lifecycle import JobState
from assurance.events.models import Event, Job
from tests import factories
from tests.experiments import work
from tests.experiments.stage import Stage, wait_until

END_ALL_OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE datname = current_database() AND usename = user AND pid <> pg_backend_pid()
"""
"""Of this database only: other tests run on the same server."""


def done_or_parked(prefix: str) -> int:
    return Job.objects.filter(handler=prefix, state__in=(JobState.DONE, JobState.PARKED)).count()


def marks() -> Counter[int]:
    """Return how often each number left its mark."""
    return Counter(ids["number"] for ids in Event.objects.filter(kind=work.MARK).values_list("ids", flat=True))


def backends() -> set[int]:
    """Return the server's processes that wrote the marks: one for each connection."""
    return {ids["backend"] for ids in Event.objects.filter(kind=work.MARK).values_list("ids", flat=True)}


def ask_for_marks(first: int, count: int) -> None:
    now = timezone.now()
    for number in range(first, first + count):
        enqueue(work.HEALTHY, key=str(number), at=now, number=number)


def lose_the_broker(
    folder: Path, *, database_url: str, jobs: int, losses: int, worker_kills: int, seed: int, sabotage: str = ""
) -> dict[str, object]:
    """Empty the broker and kill the worker while jobs are under way; return what became of every job.

    The database must be committed and empty; the caller routes this process to it.
    """
    chance = random.Random(seed)
    factories.organisation()
    blows = ["broker"] * losses + ["worker"] * worker_kills
    chance.shuffle(blows)
    landed = 0
    began = time.monotonic()
    with Stage(folder, database_url=database_url, sabotage=sabotage) as stage:
        stage.start("relay")
        stage.start("worker")
        share = jobs // (len(blows) + 1)
        for turn, blow in enumerate(blows):
            before = done_or_parked(work.HEALTHY)
            ask_for_marks(turn * share, share)
            wait_until(lambda seen=before: done_or_parked(work.HEALTHY) > seen, seconds=30, pause=0.01, stage=stage)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.05))
            landed += Job.objects.filter(state__in=(JobState.NEW, JobState.SENT)).exists()
            if blow == "broker":
                stage.empty_broker()
            else:
                stage.restart("worker")
        ask_for_marks(len(blows) * share, jobs - len(blows) * share)
        last_blow = time.monotonic()
        finished = wait_until(lambda: done_or_parked(work.HEALTHY) == jobs, seconds=20 if sabotage else 60, stage=stage)
        drained = time.monotonic() - last_blow
        logs = "" if finished else stage.log("worker") + stage.log("relay")
    found = marks()
    return {
        "jobs": jobs,
        "blows": len(blows),
        "blows_while_jobs_were_open": landed,
        "lost": jobs - len(found),
        "repeated": sum(times - 1 for times in found.values()),
        "parked": Job.objects.filter(handler=work.HEALTHY, state=JobState.PARKED).count(),
        "restarts_by_the_supervisor": stage.restarts,
        "drained_seconds": round(drained, 1),
        "seconds": round(time.monotonic() - began, 1),
        "logs": logs,
    }


def lose_the_connections(folder: Path, *, database_url: str, jobs: int) -> dict[str, object]:
    """Let the server end every connection between two halves of the jobs; return how each job went and over how many connections."""
    factories.organisation()
    with Stage(folder, database_url=database_url) as stage:
        stage.start("relay")
        stage.start("worker")
        for half, first in enumerate(range(0, jobs, jobs // 2), 1):
            ask_for_marks(first, jobs // 2)
            finished = wait_until(lambda so_far=half * jobs // 2: done_or_parked(work.HEALTHY) == so_far, seconds=30, stage=stage)  # type: ignore[misc]
            with connection.cursor() as cursor:
                cursor.execute(END_ALL_OTHERS)
        logs = "" if finished else stage.log("worker") + stage.log("relay")
    attempts = Counter(Job.objects.filter(handler=work.HEALTHY).values_list("state", "attempts"))
    return {"attempts": attempts, "connections": len(backends()), "restarts": stage.restarts, "logs": logs}


def survive_poison(folder: Path, *, database_url: str, healthy: int, sabotage: str = "") -> dict[str, object]:
    """Let three kinds of poison into the queue beside healthy jobs; return how often each was tried and what became of it."""
    factories.organisation()
    now = timezone.now()
    for handler in work.POISONS.values():
        enqueue(handler, key="poison", at=now)
    ask_for_marks(0, healthy)
    began = time.monotonic()
    with Stage(folder, database_url=database_url, sabotage=sabotage) as stage:
        stage.start("relay")
        stage.start("worker")
        poison = Job.objects.filter(handler__in=work.POISONS.values())
        parked = wait_until(
            lambda: poison.filter(state=JobState.PARKED).count() == len(work.POISONS),
            seconds=25 if sabotage else 90,
            pause=0.2,
            stage=stage,
        )
        wait_until(lambda: done_or_parked(work.HEALTHY) == healthy, seconds=30, stage=stage)
        logs = "" if parked else stage.log("worker") + stage.log("relay")
    found = marks()
    return {
        "poison": {
            name: {"attempts": job.attempts, "state": str(job.state)}
            for name, handler in work.POISONS.items()
            for job in Job.objects.filter(handler=handler)
        },
        "alerts": Event.objects.filter(kind="events.job.parked").count(),
        "healthy": healthy,
        "healthy_done_once": sum(times == 1 for times in found.values()),
        "seconds": round(time.monotonic() - began, 1),
        "logs": logs,
    }
