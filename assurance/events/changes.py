"""What changed on a row, said so that it may stand in the log for ever."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from assurance.events.models import SubjectSalt

Changes = dict[str, list[Any]]


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it without loss: money and dates as text, a row as its id."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    return value


def digest(salt: bytes, value: Any) -> str:
    """Return a commitment to a person's data that says nothing without the salt."""
    return "sha256:" + hashlib.sha256(salt + json.dumps(plain(value), ensure_ascii=False).encode()).hexdigest()


def change(obj: Model, **new: Any) -> Changes:
    """Set attributes and return ``{field: [before, after]}`` of those that differ; the caller saves them."""
    changes: Changes = {}
    for name, value in new.items():
        before = getattr(obj, name)
        if before != value:
            setattr(obj, name, value)
            key = name.removesuffix("_id")
            changes[key] = [plain(before), plain(value)]
    return changes


def first(obj: Model, *names: str) -> Changes:
    """Return the changes of a new row: every named field from nothing to its value."""
    return {name.removesuffix("_id"): [None, plain(getattr(obj, name))] for name in names}


def without_persons(subject: Model, changes: Changes) -> Changes:
    """Replace persons' data by salted digests; the salt is kept apart and can be destroyed."""
    personal: frozenset[str] = getattr(subject, "personal_fields", frozenset()) & changes.keys()
    if not personal:
        return changes
    salt = salt_of(subject)
    return changes | {name: [part if part in (None, "") else digest(salt, part) for part in changes[name]] for name in personal}


def salt_of(subject: Model) -> bytes:
    """Return the subject's salt, made on first use."""
    row, _ = SubjectSalt.objects.get_or_create(
        subject_kind=subject._meta.label_lower, subject_id=subject.pk, defaults={"salt": secrets.token_bytes(32)}
    )
    return bytes(row.salt)
