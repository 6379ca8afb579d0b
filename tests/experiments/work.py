"""Jobs of the experiments: healthy ones that leave exactly one mark each, and three kinds of poison."""

from __future__ import annotations

import os
import resource
import signal

from django.db import connection
from django.utils import timezone

from assurance.accounts.models import Organisation
from assurance.events.actions import announce
from assurance.events.registry import job

MARK = "experiments.job.worked"
HEALTHY = "tests.experiments.work.leave_mark"
POISONS = {
    "kills its worker": "tests.experiments.work.kill_worker",
    "eats memory": "tests.experiments.work.eat_memory",
    "never ends": "tests.experiments.work.never_end",
}
ADDRESS_SPACE = 1_500_000_000


@job(queue="notices")
def leave_mark(*, number: int) -> None:
    """Write one event, with the server's process that wrote it; two of the same number are a repeated effect."""
    somebody = Organisation.objects.order_by("pk")[0]
    announce(MARK, actor=None, at=timezone.now(), subject=somebody, number=number, backend=connection.connection.info.backend_pid)


@job(queue="work")
def kill_worker() -> None:
    """Die as by the kernel's out-of-memory killer."""
    os.kill(os.getpid(), signal.SIGKILL)


@job(queue="work")
def eat_memory() -> None:
    """Ask for more memory than this process may have."""
    old = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, old[1]))
    try:
        bytearray(2_000_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, old)


@job(queue="work")
def never_end() -> None:
    """Work for ever; only the time limit ends it."""
    while True:
        pass
