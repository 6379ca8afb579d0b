"""Slows whoever tries codes: every miss costs a token, a code that exists costs none. Counted per process, in memory."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from django.conf import settings

from assurance.web.throttles import Buckets

if TYPE_CHECKING:
    from django.http import HttpRequest

MISSES: Final = Buckets()


def wait(request: HttpRequest) -> int:
    """Count one miss; return the seconds to wait if there were too many from this address, else 0."""
    per_second = settings.VERIFY_MISSES_PER_SECOND
    return ceil(MISSES.wait(str(request.META.get("REMOTE_ADDR")), per_second=per_second)) if per_second else 0
