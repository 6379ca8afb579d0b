"""Several threads do something at the same moment, each with its own connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from assurance.refusals import Refused


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Return what each deed returned, or its refusal, in the order given. Anything else that is raised fails the test."""
    barrier = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        barrier.wait(20)
        try:
            return deed()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
