"""Slows a program that runs away, before it takes the machine from everybody else.

Counted per process and in memory: it costs no write. Limits that must hold exactly (sign-in, codes) live in PostgreSQL.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final

from django.conf import settings
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.request import Request
    from rest_framework.views import APIView

PRINCIPALS_REMEMBERED: Final = 10_000
BURST_SECONDS: Final = 10


class Buckets:
    """A token bucket for everybody who asked lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, who: str, *, per_second: float) -> float:
        """Take one token; return the seconds to wait when there is none, else 0."""
        now, room = self.clock(), per_second * BURST_SECONDS
        with self._lock:
            left, at = self._left.pop(who, (room, now))
            left = min(room, left + (now - at) * per_second)
            self._left[who] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > PRINCIPALS_REMEMBERED:
                self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / per_second


class PerPrincipal(BaseThrottle):
    """So many requests a second for each person, and for each address of people who are not signed in."""

    buckets = Buckets()
    seconds = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  the framework's signature
        per_second = settings.API_REQUESTS_PER_SECOND
        if not per_second:
            return True
        who = f"user:{request.user.pk}" if request.user.is_authenticated else f"at:{request.META.get('REMOTE_ADDR')}"
        self.seconds = self.buckets.wait(who, per_second=per_second)
        return self.seconds == 0

    def wait(self) -> float:
        return self.seconds
