"""What changed on a row, said so that it may stand in the log for ever."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections import defaultdict
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model, Q

from assurance.events.models import SubjectSalt

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def without_persons(told: Sequence[tuple[Model, Changes]]) -> list[Changes]:
    """Replace persons' data by salted digests; the salt is kept apart and can be destroyed. No query where there are no persons' data."""
    personal: list[frozenset[str]] = [getattr(subject, "personal_fields", frozenset()) & changes.keys() for subject, changes in told]
    salts = _salts([subject for (subject, _), names in zip(told, personal, strict=True) if names])
    return [
        changes | {name: [part if part in (None, "") else digest(salts[_key(subject)], part) for part in changes[name]] for name in names}
        for (subject, changes), names in zip(told, personal, strict=True)
    ]


def salt_of(subject: Model) -> bytes:
    """Return the subject's salt, made on first use."""
    return _salts([subject])[_key(subject)]


def _key(subject: Model) -> tuple[str, int]:
    return subject._meta.label_lower, subject.pk


def _salts(subjects: Sequence[Model]) -> dict[tuple[str, int], bytes]:
    """Return the salts of these subjects; who has none gets one."""
    if not subjects:
        return {}
    fresh = [SubjectSalt(subject_kind=kind, subject_id=pk, salt=secrets.token_bytes(32)) for kind, pk in sorted(map(_key, subjects))]
    kinds: dict[str, set[int]] = defaultdict(set)
    for one in fresh:
        kinds[one.subject_kind].add(one.subject_id)
    wanted = reduce(or_, (Q(subject_kind=kind, subject_id__in=numbers) for kind, numbers in kinds.items()))
    known = {(row.subject_kind, row.subject_id): bytes(row.salt) for row in SubjectSalt.objects.filter(wanted)}
    if missing := [one for one in fresh if (one.subject_kind, one.subject_id) not in known]:
        SubjectSalt.objects.bulk_create(missing, ignore_conflicts=True)  # somebody may be faster: read what stands
        known |= {(row.subject_kind, row.subject_id): bytes(row.salt) for row in SubjectSalt.objects.filter(wanted)}
    return known
