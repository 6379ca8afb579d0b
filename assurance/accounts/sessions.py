"""Django's sessions in our own table: it knows whose they are, and it ends them by our rules."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import get_user
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from assurance.accounts import models
from assurance.accounts.session_age import ends_at
from assurance.prepared import Part, Statement

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the last request is remembered: one write a minute, not one a request."""
READ: Final = Statement(
    "read_session",
    "text, timestamptz",
    (Part("s", models.Session), Part("u", models.User), Part("o", models.Organisation)),
    """
  FROM assurance_session s
  LEFT JOIN assurance_user u ON u.id = s.user_id
  LEFT JOIN assurance_organisation o ON o.id = u.organisation_id
 WHERE s.session_key = $1 AND s.expire_date > $2
""",
)
ASKING: Final[ContextVar[SessionBase | None]] = ContextVar("session of the request whose person is asked for", default=None)


class SessionStore(DatabaseSessionStore):
    """Every save counts as a sign of life; the row says itself when it is over, so an ended one is never loaded."""

    owner: models.User | None = None
    """Whose session it is, as read together with it; asked for once (``owner_of``)."""

    @classmethod
    def get_model_class(cls) -> type[models.Session]:
        return models.Session

    def _get_session_from_db(self) -> models.Session | None:
        """Read the session, its person and his organisation at once: every page of a signed-in person begins with them."""
        found = READ.row(self.session_key, timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
            return None
        rows = found[0]
        session: models.Session = rows["s"]
        if rows["u"] is not None:
            rows["u"].organisation = rows["o"]
            self.owner = rows["u"]
        return session

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


def person_of(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Return who asks, by Django's rules for sessions; the row of the person may be the one read with the session."""
    token = ASKING.set(request.session)
    try:
        return get_user(request)
    finally:
        ASKING.reset(token)


def owner_of(user_id: int) -> models.User | None:
    """Return the person that was read with the session of this very request, once; later everybody reads anew."""
    session = ASKING.get()
    owner = getattr(session, "owner", None)
    if owner is None or owner.pk != user_id:
        return None
    session.owner = None  # type: ignore[union-attr]
    found: models.User = owner
    return found


def begin(session: SessionBase, *, place: str, agent: str, at: datetime) -> None:
    """Start the twelve hours: whatever this browser did before signing in does not count."""
    session["started_at"] = at.timestamp()
    session["place"], session["agent"] = place, agent[:200]


def touch(session: SessionBase, *, at: datetime) -> None:
    """Remember that the person is still there."""
    if at.timestamp() - session.get("seen_at", 0) >= SEEN_EVERY.total_seconds():
        session["seen_at"] = at.timestamp()
