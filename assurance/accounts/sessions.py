"""Django's sessions in our own table: it knows whose they are, and it ends them by our rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from assurance.accounts import models
from assurance.accounts.session_age import ends_at

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the last request is remembered: one write a minute, not one a request."""


class SessionStore(DatabaseSessionStore):
    """Every save counts as a sign of life; the row says itself when it is over, so an ended one is never loaded."""

    @classmethod
    def get_model_class(cls) -> type[models.Session]:
        return models.Session

    def create_model_instance(self, data: dict[str, Any]) -> models.Session:
        now = timezone.now()
        data.setdefault("started_at", now.timestamp())
        data["seen_at"] = now.timestamp()
        started_at = datetime.fromtimestamp(data["started_at"], UTC)
        return models.Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            user_id=int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            started_at=started_at,
            seen_at=now,
            place=data.get("place", ""),
            agent=data.get("agent", ""),
            expire_date=ends_at(
                started_at=started_at,
                seen_at=now,
                longest=timedelta(seconds=settings.SESSION_COOKIE_AGE),
                idle=timedelta(seconds=settings.SESSION_IDLE_SECONDS),
            ),
        )


def begin(session: SessionBase, *, place: str, agent: str, at: datetime) -> None:
    """Start the twelve hours: whatever this browser did before signing in does not count."""
    session["started_at"] = at.timestamp()
    session["place"], session["agent"] = place, agent[:200]


def touch(session: SessionBase, *, at: datetime) -> None:
    """Remember that the person is still there."""
    if at.timestamp() - session.get("seen_at", 0) >= SEEN_EVERY.total_seconds():
        session["seen_at"] = at.timestamp()
