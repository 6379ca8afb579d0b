"""Signing in and out, passwords, second factors: what is counted, what is ended, what is written down."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from assurance.accounts import queries
from assurance.accounts.actions.people import end_sessions
from assurance.accounts.attempts import FAMILIAR_FOR, WINDOW, exhausted
from assurance.accounts.models import Session, SignInAttempt, User
from assurance.events.actions import announce
from assurance.refusals import Refused

if TYPE_CHECKING:
    from assurance.events.changes import Changes

log = logging.getLogger(__name__)
ACCOUNT_LOCK: Final = 0x51A
PLACE_LOCK: Final = 0x51B
"""Classes of the advisory locks; the account's is always taken before the place's."""
SWEPT_AT_ONCE: Final = 10_000
Outcome = SignInAttempt.Outcome


class TooManyAttempts(Refused):
    code = "slow_down"
    status = 429
    message = _("Too many wrong passwords. Wait a quarter of an hour and try again.")


# --- passwords tried ----------------------------------------------------------------------------------------------
@transaction.atomic
def reserve_attempt(*, name: str, place: str, at: datetime) -> SignInAttempt:
    """Count an attempt before its password is looked at, so that eight guessers at once do not get eight times as many.

    :raises TooManyAttempts: when a budget is used up; nothing is checked then
    """
    person = queries.person_called(name)
    account = queries.account_called(name, person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [ACCOUNT_LOCK, account])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PLACE_LOCK, place])
    familiar = queries.is_familiar(account, place, at=at)
    if exhausted(queries.tried(account, place, at=at), is_familiar=familiar):
        raise TooManyAttempts
    return SignInAttempt.objects.create(account=account, place=place, at=at)


@transaction.atomic
def note_wrong_password(*, attempt: SignInAttempt, at: datetime) -> None:
    """Write down a wrong password, and the lock if it was the last of the budget."""
    _conclude(attempt, Outcome.FAILED)
    person = _person_behind(attempt)
    subject = person or attempt
    log.warning("sign-in refused: attempt %s", attempt.pk)
    announce("accounts.sign_in.failed", actor=None, at=at, subject=subject, attempt_id=attempt.pk)
    budget = exhausted(queries.tried(attempt.account, attempt.place, at=at), is_familiar=False)
    if budget:
        changes: Changes = {"locked": [None, budget]}
        announce("accounts.sign_in.locked", actor=None, at=at, subject=subject, changes=changes, attempt_id=attempt.pk)


@transaction.atomic
def note_right_password(*, attempt: SignInAttempt) -> None:
    """Give the attempt back: a right password uses up no budget."""
    _conclude(attempt, Outcome.RIGHT)


@transaction.atomic
def note_sign_in(*, person: User, place: str, at: datetime) -> None:
    """Write down that somebody is in, and that the place is now known."""
    account = queries.account_called("", person)
    SignInAttempt.objects.create(account=account, place=place, at=at, outcome=Outcome.ENTERED)
    announce("accounts.sign_in.entered", actor=person, at=at, subject=person)


@transaction.atomic
def note_inactive(*, person: User, at: datetime) -> None:
    """Write down that somebody who may not come in any more knew the password."""
    announce("accounts.sign_in.refused", actor=None, at=at, subject=person)


@transaction.atomic
def note_sign_out(*, person: User, at: datetime) -> None:
    announce("accounts.sign_in.left", actor=person, at=at, subject=person)


# --- passwords chosen ---------------------------------------------------------------------------------------------
@transaction.atomic
def set_password(*, person: User, password: str, actor: User, at: datetime, keep: str | None, by_link: bool) -> None:
    """Store a new password and end every other session; ``keep`` is the session of the person who changed it."""
    locked = User.objects.select_for_update().get(pk=person.pk)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    person.password = locked.password
    ended = end_sessions(person, keep=keep)
    changes: Changes = {"password": [None, None], "sessions_ended": [None, ended]}
    kind = "accounts.password.reset_used" if by_link else "accounts.password.changed"
    announce(kind, actor=actor, at=at, subject=person, changes=changes)


@transaction.atomic
def ask_password_reset(*, email: str, at: datetime) -> None:
    """Have a link mailed if somebody has this address; who asks learns nothing either way."""
    person = User.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        log.info("a password reset was asked for an address that nobody has")
        return
    announce("accounts.password.reset_asked", actor=None, at=at, subject=person)


# --- second factor ------------------------------------------------------------------------------------------------
@transaction.atomic
def note_second_factor(*, person: User, deed: str, at: datetime) -> None:
    """Write down what the library did in this transaction: ``added``, ``removed``, ``codes_made``, ``failed``."""
    announce(f"accounts.second_factor.{deed}", actor=person, at=at, subject=person)


# --- sessions -----------------------------------------------------------------------------------------------------
@transaction.atomic
def end_session(*, handle: str, actor: User, at: datetime) -> bool:
    """Sign the actor out in one of his browsers; return whether there was such a session."""
    mine = Session.objects.filter(user=actor).values_list("session_key", flat=True)
    key = next((key for key in mine if queries.handle_of(key) == handle), None)
    if key is None or not Session.objects.filter(session_key=key).delete()[0]:
        return False
    announce("accounts.session.ended", actor=actor, at=at, subject=actor, changes={"sessions_ended": [None, 1]})
    return True


@transaction.atomic
def end_other_sessions(*, actor: User, at: datetime, keep: str | None) -> int:
    """Sign the actor out everywhere else."""
    ended = end_sessions(actor, keep=keep)
    if ended:
        announce("accounts.session.ended", actor=actor, at=at, subject=actor, changes={"sessions_ended": [None, ended]})
    return ended


def sweep(*, at: datetime) -> int:
    """Remove sessions that are over and attempts that nothing counts any more; return how many rows went."""
    sessions = Session.objects.filter(expire_date__lt=at).values("pk")[:SWEPT_AT_ONCE]
    old = SignInAttempt.objects.filter(at__lt=at - FAMILIAR_FOR).values("pk")[:SWEPT_AT_ONCE]
    useless = SignInAttempt.objects.exclude(outcome=Outcome.ENTERED).filter(at__lt=at - max(WINDOW, timedelta(days=1)))
    rows = Session.objects.filter(pk__in=sessions).delete()[0]
    rows += SignInAttempt.objects.filter(pk__in=old).delete()[0]
    return rows + SignInAttempt.objects.filter(pk__in=useless.values("pk")[:SWEPT_AT_ONCE]).delete()[0]


def _conclude(attempt: SignInAttempt, outcome: str) -> None:
    attempt.outcome = outcome
    attempt.save(update_fields=["outcome"])


def _person_behind(attempt: SignInAttempt) -> User | None:
    kind, _, pk = attempt.account.partition(":")
    return User.objects.get(pk=int(pk)) if kind == "user" else None
