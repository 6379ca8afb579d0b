"""The database backend of settings.DATABASES."""

from __future__ import annotations

import select
import time
from typing import Final

from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper

FRESH: Final = 1.0
"""For how many seconds after an answer a connection is believed to be there unless the server says otherwise."""


class DatabaseWrapper(PostgresWrapper):
    """Asks ``SELECT 1`` only of a connection that rested; of a busy one it looks whether the server has hung up."""

    good_at = 0.0
    health_check_enabled: bool
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        """A server that ends a connection sends word, so an idle socket with something to read is no good any more."""
        is_due = self.connection is not None and self.health_check_enabled and not self.health_check_done
        if is_due and time.monotonic() - self.good_at < FRESH and not self.errors_occurred and self.is_silent():
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        if is_due and self.connection is not None:
            self.good_at = time.monotonic()

    def is_silent(self) -> bool:
        """Say whether nothing waits on the connection's socket."""
        try:
            return self.connection.closed == 0 and not select.select([self.connection.fileno()], [], [], 0)[0]
        except (OSError, ValueError, self.Database.Error):
            return False
