"""Log lines that carry the number of their request, and that nobody can write a second line into."""

from __future__ import annotations

import logging
from contextvars import ContextVar

current_request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The number of the request that is being answered, ``-`` outside of one."""


class Line(logging.Formatter):
    """One line for every message: control characters from outside are shown, not obeyed."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        record.request_id = current_request_id.get()
        record.message = "".join(c if c.isprintable() else repr(c)[1:-1] for c in record.message)
        return super().formatMessage(record)
