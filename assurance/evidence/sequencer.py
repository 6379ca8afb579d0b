"""Give every committed entry and event its place: the only writer of the log.

Triggers put each new row's id into ``LogWaiting`` in the row's own transaction. What this transaction can see there is committed and
has no place yet – an id drawn early and committed late simply turns up later. So nothing is skipped, no writer is waited for, and
the work of a turn depends on what is new, not on the length of the log.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection, transaction

from assurance.evidence import chain, signing, subtrees
from assurance.evidence.checkpoint import Head
from assurance.evidence.models import Checkpoint, LogNode, LogPlace
from assurance.evidence.sources import EVENT_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

log = logging.getLogger(__name__)
SEQUENCER_LOCK: Final = 7_203_002
"""Key of the advisory lock that every turn holds until it commits: numbers have one giver."""
CHECKPOINT_EVERY: Final = 1_000
CHECKPOINT_AFTER: Final = timedelta(minutes=5)

# Three statements, each by its index whatever the planner thinks of a queue that is mostly empty.
OLDEST: Final = "SELECT id, source, source_id FROM assurance_logwaiting ORDER BY id LIMIT %s"
REMOVE: Final = "DELETE FROM assurance_logwaiting WHERE id = ANY(%s)"
CONTENT: Final = f"""
SELECT t.source, t.source_id, e.product_id, e.kind, e.body, CASE WHEN v.id IS NOT NULL THEN {EVENT_TEXT} END
  FROM unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS t(source, source_id, number)
  LEFT JOIN assurance_evidenceentry e ON t.source = 'evidence' AND e.id = t.source_id
  LEFT JOIN assurance_event v ON t.source = 'event' AND v.id = t.source_id
 WHERE NOT EXISTS (SELECT 1 FROM assurance_logplace p WHERE p.source = t.source AND p.source_id = t.source_id)
 ORDER BY t.number
"""  # noqa: S608  a constant of ours
CHAIN_ENDS: Final = """
SELECT product.id, newest.product_seq, newest.product_hash
  FROM unnest(%s::bigint[]) AS product(id),
       LATERAL (SELECT p.product_seq, p.product_hash FROM assurance_logplace p
                 WHERE p.product_id = product.id ORDER BY p.product_seq DESC LIMIT 1) AS newest
"""


class LogDamaged(Exception):
    """The end of the log is not what it was; nothing is appended to it until somebody has looked (``manage.py verify_evidence``)."""


@dataclass(frozen=True)
class Waiting:
    """A row that gets its place now."""

    source: str
    source_id: int
    product_id: int | None
    kind: str
    body: bytes


def sequence_new_entries(*, at: datetime, most: int = 2000) -> int:
    """Give a place to what was committed since the last turn, oldest first, and sign a checkpoint when one is due.

    Returns how many places were given; ``most`` of them means that more may be waiting. A second caller waits for the first.

    :raises LogDamaged: if the log's end was tampered with, or the log is not the one that CHECKPOINT_ORIGIN names
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        newest = Checkpoint.objects.order_by("-number").first()
        tail = LogPlace.objects.order_by("-seq").values_list("seq", "hash").first()
        size, last = (tail[0] + 1, bytes(tail[1])) if tail else (0, chain.NONE)
        if newest and newest.size > size:
            raise LogDamaged(f"checkpoint {newest.number} covers {newest.size} entries, but the log has {size}")
        waiting = _take(most)
        if not waiting and not _checkpoint_is_due(newest, size, at):
            return 0
        _append(waiting, size=size, last=last, newest=newest, at=at)
    return len(waiting)


def _take(most: int) -> list[Waiting]:
    """Take rows out of the queue, each once, in the order in which they came."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, [most])
        if not (taken := cursor.fetchall()):
            return []
        ids, sources, source_ids = (list(column) for column in zip(*taken, strict=True))
        cursor.execute(REMOVE, [ids])
        cursor.execute(CONTENT, [sources, source_ids])
        rows = {(source, source_id): (product, kind, body, text) for source, source_id, product, kind, body, text in cursor.fetchall()}
    found = []
    for (source, source_id), (product, kind, body, text) in rows.items():
        if body is None and text is None:
            log.critical("%s %s was waiting for its place in the log and is gone", source, source_id)
            continue
        found.append(Waiting(source, source_id, product, kind or "", text.encode() if text is not None else bytes(body)))
    return found


def _append(waiting: list[Waiting], *, size: int, last: bytes, newest: Checkpoint | None, at: datetime) -> None:
    """Write the places, the subtrees they complete, and a checkpoint if it is due then."""
    try:
        grown = subtrees.compact_range(size)
    except subtrees.Incomplete as problem:
        raise LogDamaged(f"of {size} entries are missing: {problem}") from None
    _refuse_another_log(newest, grown.root() if newest and newest.size == size else None)
    places = list(_places(waiting, size, last))
    nodes = [node for place in places for node in grown.append(bytes(place.hash))]
    LogPlace.objects.bulk_create(places)
    LogNode.objects.bulk_create(LogNode(level=level, index=index, hash=found) for level, index, found in nodes)
    if _checkpoint_is_due(newest, grown.size, at):
        _sign(grown.size, grown.root(), number=newest.number + 1 if newest else 1, at=at)


def _refuse_another_log(newest: Checkpoint | None, root: bytes | None) -> None:
    """Never go on writing where the newest checkpoint no longer holds, or under another log's name."""
    if newest is None:
        return
    origin = newest.note.partition("\n")[0]
    if origin != settings.CHECKPOINT_ORIGIN:
        raise LogDamaged(f"this database holds the log {origin!r}, but CHECKPOINT_ORIGIN is {settings.CHECKPOINT_ORIGIN!r}")
    if root is not None and root != bytes(newest.root):
        raise LogDamaged(f"checkpoint {newest.number} no longer matches the log")


def _places(waiting: list[Waiting], size: int, last: bytes) -> Iterator[LogPlace]:
    """Compute the places, one after another."""
    origin = chain.log_id(settings.CHECKPOINT_ORIGIN)
    ends = _chain_ends({one.product_id for one in waiting if one.product_id is not None})
    for seq, one in enumerate(waiting, size):
        place = LogPlace(seq=seq, source=one.source, source_id=one.source_id, prev_hash=last)
        link, digest = chain.NONE, chain.digest_of(one.body)
        if one.product_id is not None:
            number, before = ends.get(one.product_id, (0, chain.NONE))
            link = chain.link_hash(origin, one.product_id, number, before, one.kind, digest)
            ends[one.product_id] = number + 1, link
            place.product_id, place.product_seq, place.product_prev_hash, place.product_hash = one.product_id, number, before, link
        last = place.hash = chain.entry_hash(origin, seq, last, link, digest)
        yield place


def _chain_ends(products: set[int]) -> dict[int, tuple[int, bytes]]:
    """Return the next number and the last hash of every product's chain that has begun."""
    if not products:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(CHAIN_ENDS, [list(products)])
        return {product: (number + 1, bytes(found)) for product, number, found in cursor.fetchall()}


def _checkpoint_is_due(newest: Checkpoint | None, size: int, at: datetime) -> bool:
    if newest is None:
        return size > 0
    return size > newest.size and (size - newest.size >= CHECKPOINT_EVERY or at - newest.at >= CHECKPOINT_AFTER)


def _sign(size: int, root: bytes, *, number: int, at: datetime) -> None:
    """Write a signed checkpoint. Without a key the log still grows; the checkpoint is then overdue until there is one."""
    try:
        note = signing.sign(Head(settings.CHECKPOINT_ORIGIN, size, root, at), signing.signing_key())
    except signing.NoSigningKey as problem:
        log.critical("no checkpoint can be signed: %s", problem)
        return
    Checkpoint.objects.create(number=number, size=size, root=root, note=note, at=at)
