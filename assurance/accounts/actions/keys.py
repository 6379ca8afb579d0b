"""The keys of programs: made, rotated, revoked. The secret is returned once and never kept."""

from __future__ import annotations

import secrets
import string
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import ApiKey, User
from assurance.accounts.queries import KEY_START, key_digest
from assurance.accounts.scopes import SCOPES
from assurance.events.actions import announce
from assurance.events.changes import change, first
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_LIFE: Final = timedelta(days=365)
OVERLAP: Final = timedelta(hours=24)
"""How long the old key works beside the new one."""
MOST_KEYS: Final = 20
PREFIX_LENGTH: Final = 10
SECRET_LENGTH: Final = 40
LETTERS: Final = string.ascii_letters + string.digits
USE_NOTED_EVERY: Final = timedelta(minutes=1)


class ScopeUnknown(Refused):
    code = "invalid_choice"
    status = 400
    message = _("There is no such scope: %(scope)s")


class LifeTooLong(Refused):
    code = "number_out_of_range"
    status = 400
    message = _("A key lives from 1 to %(most)s days.")


class TooManyKeys(Refused):
    code = "too_many_keys"
    message = _("You have %(most)s keys that work. Revoke one that is not needed any more.")


class KeyIsDead(Refused):
    code = "key_is_dead"
    message = _("This key is revoked or has expired.")


class KeyIsReplaced(Refused):
    code = "key_is_replaced"
    message = _("This key has a successor already. Rotate the successor.")


@transaction.atomic
def make_key(*, name: str, scopes: Sequence[str], days: int, actor: User, at: datetime) -> tuple[ApiKey, str]:
    """Return a new key of the actor and its credential, which cannot be shown again.

    :raises ScopeUnknown, LifeTooLong, TooManyKeys:
    """
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise ScopeUnknown(field="scopes", scope=", ".join(unknown))
    if not timedelta(days=1) <= timedelta(days=days) <= LONGEST_LIFE:
        raise LifeTooLong(field="days", most=LONGEST_LIFE.days)
    User.objects.select_for_update().get(pk=actor.pk)
    if ApiKey.objects.filter(user=actor).usable(at).count() >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    return _add(actor, name=name, scopes=scopes, expires_at=at + timedelta(days=days), at=at, kind="accounts.key.made")


@transaction.atomic
def rotate_key(*, key_id: int, actor: User, at: datetime) -> tuple[ApiKey, str]:
    """Return a successor with the same scopes and life; the old key works for another day.

    :raises KeyIsDead, KeyIsReplaced:
    """
    old = _own(key_id, actor)
    if old.revoked_at or old.expires_at <= at:
        raise KeyIsDead
    if ApiKey.objects.filter(replaces=old).exists():
        raise KeyIsReplaced
    life = old.expires_at - old.created_at
    changes = change(old, expires_at=min(old.expires_at, at + OVERLAP))
    old.save(update_fields=["expires_at"])
    announce("accounts.key.retired", actor=actor, at=at, subject=old, changes=changes)
    return _add(actor, name=old.name, scopes=old.scopes, expires_at=at + life, at=at, kind="accounts.key.rotated", replaces=old)


@transaction.atomic
def revoke_key(*, key_id: int, actor: User, at: datetime, reason: str = "") -> ApiKey:
    """End a key at once.

    :raises KeyIsDead: if it is revoked already
    """
    key = _own(key_id, actor)
    if key.revoked_at:
        raise KeyIsDead
    changes = change(key, revoked_at=at)
    key.save(update_fields=["revoked_at"])
    announce("accounts.key.revoked", actor=actor, at=at, subject=key, changes=changes, reason=reason)
    return key


def note_use(key: ApiKey, *, at: datetime) -> None:
    """Remember to the minute when a key was last used; who finds the row locked leaves it to the other."""
    if key.last_used_at and at - key.last_used_at < USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=at - USE_NOTED_EVERY)
    with transaction.atomic():
        free = ApiKey.objects.select_for_update(skip_locked=True).filter(stale, pk=key.pk).values_list("pk", flat=True)
        ApiKey.objects.filter(pk__in=list(free)).update(last_used_at=at)


def _own(key_id: int, actor: User) -> ApiKey:
    return ApiKey.objects.select_for_update().get(pk=key_id, user_id=actor.pk)


def _add(
    actor: User,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime,
    at: datetime,
    kind: str,
    replaces: ApiKey | None = None,
) -> tuple[ApiKey, str]:
    prefix = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(PREFIX_LENGTH))
    secret = "".join(secrets.choice(LETTERS) for _ in range(SECRET_LENGTH))
    key = ApiKey.objects.create(
        user=actor,
        organisation_id=actor.organisation_id,
        name=name,
        prefix=prefix,
        digest=key_digest(secret),
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=expires_at,
        replaces=replaces,
    )
    announce(kind, actor=actor, at=at, subject=key, changes=first(key, "name", "prefix", "scopes", "expires_at"))
    return key, f"{KEY_START}_{prefix}_{secret}"
