"""Runs a keyed request once: key, effect and answer become visible together or not at all (docs/idempotency.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import OperationalError, connection

from assurance.inserting import insert_all
from assurance.prepared import Part, Statement
from assurance.web.database import LOCK_NOT_AVAILABLE
from assurance.web.idempotency import KEPT_FOR, WAIT, Reply
from assurance.web.models import IdempotencyKey
from assurance.web.problems import again, problem
from assurance.web.rejection import Rejection
from assurance.web.sealing import Unreadable, is_mark_of, mark, seal, unseal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

LOCKS: Final = 0x1DE3
"""The class of advisory locks that this module takes."""

KNOWN: Final = Statement(
    "known_answer", "text, text", (Part("k", IdempotencyKey),), "FROM assurance_idempotencykey k WHERE k.principal = $1 AND k.key = $2"
)

SWEPT_AT_ONCE: Final = 20_000


def once(*, principal: str, key: str, request_hash: bytes, at: datetime, run: Callable[[], Reply]) -> tuple[Reply, bool]:
    """Return the answer to the first request with this key, and whether it is a repetition.

    Runs inside the view's transaction. A crash before its commit leaves nothing, so the key is free again.

    :raises Rejection: request_in_progress (409, repeat it), idempotency_mismatch (422)
    """
    if not connection.in_atomic_block:
        raise RuntimeError("key, effect and answer need one transaction: ATOMIC_REQUESTS must be on for this view")
    _stand_in_line(principal, key)
    if known := KNOWN.row(principal, key):
        return _repeat(known[0]["k"], request_hash), True
    reply = run()
    kept = IdempotencyKey(
        principal=principal,
        key=key,
        request_hash=mark(request_hash),
        status=reply.status,
        content_type=reply.content_type,
        location=reply.location,
        body=seal(reply.body, about=_about(principal, key)),
        created_at=at,
    )
    insert_all([kept])
    return reply, False


def sweep_idempotency_keys(*, at: datetime) -> int:
    """Forget answers older than seven days, at most so many at once; return how many."""
    old = IdempotencyKey.objects.older_than(at - KEPT_FOR).order_by("created_at").values("pk")[:SWEPT_AT_ONCE]
    return IdempotencyKey.objects.filter(pk__in=old).delete()[0]


def _stand_in_line(principal: str, key: str) -> None:
    """Wait until no other request with this key is running; the lock ends with the transaction, also when it dies.

    Two keys may share a lock: then they only wait for each other. The unique constraint is what guarantees.
    """
    milliseconds = int(WAIT.total_seconds() * 1000)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL lock_timeout = %s; SELECT pg_advisory_xact_lock(%s, hashtext(%s)); SET LOCAL lock_timeout TO DEFAULT",
                [milliseconds, LOCKS, _about(principal, key)],
            )
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == LOCK_NOT_AVAILABLE:
            raise Rejection(again("request_in_progress")) from None
        raise


def _repeat(first: IdempotencyKey, request_hash: bytes) -> Reply:
    try:
        body = unseal(bytes(first.body), about=_about(first.principal, first.key))
    except Unreadable:
        raise Rejection(problem("answer_not_kept")) from None
    if not is_mark_of(request_hash, bytes(first.request_hash)):
        raise Rejection(problem("idempotency_mismatch"))
    return Reply(first.status, first.content_type, first.location, body)


def _about(principal: str, key: str) -> str:
    return f"{principal} {key}"
