"""Recompute the whole log from the rows and name the first thing in it that is not as it was written.

Nothing that is stored is believed: every hash, every subtree, every root is computed again from what the entries and events say now.
What the database alone cannot show – a log rewritten or cut with all its hashes and checkpoints – shows against a checkpoint that was
kept elsewhere, because only the holder of the key can sign another one.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import connection, transaction

from assurance.evidence import chain, tree
from assurance.evidence.checkpoint import BadNote, Head
from assurance.evidence.models import Checkpoint
from assurance.evidence.signing import open_note
from assurance.evidence.sources import EVENT_TEXT, repeats

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from assurance.evidence.checkpoint import VerifierKey

PAGE: Final = 5_000
"""Entries read at a time: the log need not fit into memory."""

ENTRIES = f"""
SELECT p.seq, p.source, p.source_id, p.prev_hash, p.hash, p.product_id, p.product_seq, p.product_prev_hash, p.product_hash,
       e.body, v.text, e.kind, e.organisation_id, e.product_id, e.lot_id, e.actor_id,
       to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  FROM (SELECT * FROM assurance_logplace WHERE seq > %s ORDER BY seq LIMIT {PAGE}) p
  LEFT JOIN LATERAL (
        SELECT * FROM assurance_evidenceentry e WHERE p.source = 'evidence' AND e.id = p.source_id OFFSET 0) e ON true
  LEFT JOIN LATERAL (SELECT {EVENT_TEXT} AS text FROM assurance_event v WHERE p.source = 'event' AND v.id = p.source_id OFFSET 0) v ON true
 ORDER BY p.seq
"""  # noqa: S608  constants of ours; OFFSET 0 keeps the planner from reading whole tables for a page when it has no statistics
WITHOUT_PLACE = """
SELECT t.id, t.kind FROM {table} t
 WHERE NOT EXISTS (SELECT 1 FROM assurance_logplace p WHERE p.source = '{source}' AND p.source_id = t.id)
   AND NOT EXISTS (SELECT 1 FROM assurance_logwaiting w WHERE w.source = '{source}' AND w.source_id = t.id)
 ORDER BY t.id LIMIT 1
"""
COUNTS = """
SELECT (SELECT count(*) FROM {table}),
       (SELECT count(*) FROM assurance_logplace WHERE source = '{source}'),
       (SELECT count(*) FROM assurance_logwaiting w JOIN {table} t ON t.id = w.source_id WHERE w.source = '{source}'
           AND NOT EXISTS (SELECT 1 FROM assurance_logplace p WHERE p.source = '{source}' AND p.source_id = t.id))
"""
TABLES: Final = {"evidence": "assurance_evidenceentry", "event": "assurance_event"}
Row = tuple[Any, ...]
KIND, PRODUCT = 11, 13
"""Where a row of ``ENTRIES`` holds the kind and the product of the evidence entry itself."""


class NotAsWritten(Exception):
    """The first thing that is not as it was written; the message names it."""


@dataclass
class Verified:
    """What was looked at and found to be as it was written."""

    entries: int = 0
    by_source: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    products: int = 0
    checkpoints: int = 0
    waiting: int = 0
    root: bytes = tree.EMPTY_ROOT
    checkpointed: int = 0
    """How many entries the newest signed checkpoint covers."""


def verify(*, keys: Sequence[VerifierKey], saved: Sequence[str] = (), told: Callable[[int], None] = lambda _: None) -> Verified:
    """Check everything, in one snapshot of the database. ``saved`` are notes that were kept elsewhere; ``told`` hears the progress.

    :raises NotAsWritten: at the first thing that does not hold
    """
    with _snapshot():
        heads, flaws = _stored_heads(keys)
        heads += [(f"the saved checkpoint {number}", _open(note, keys)) for number, note in enumerate(saved, 1)]
        reader = Reader(heads)
        with closing(_pages()) as pages:
            for page in pages:
                for row in page:
                    reader.read(row)
                told(reader.tree.size)
        reader.end()
        if flaws:
            raise NotAsWritten(flaws[0])
        waiting = _refuse_without_place()
        _refuse_without_checkpoint(reader, heads)
    return Verified(
        entries=reader.tree.size,
        by_source=reader.by_source,
        products=len(reader.chains),
        checkpoints=len(heads),
        waiting=waiting,
        root=reader.tree.root(),
        checkpointed=max((head.size for _, head in heads), default=0),
    )


class Reader:
    """Follows the log entry by entry and remembers only what the next one needs."""

    def __init__(self, heads: list[tuple[str, Head]]) -> None:
        self.log = chain.log_id(settings.CHECKPOINT_ORIGIN)
        self.last = chain.NONE
        self.tree = tree.CompactRange()
        self.chains: dict[int, tuple[int, bytes]] = {}
        self.by_source = dict.fromkeys(TABLES, 0)
        self.proven = 0
        self.heads: dict[int, list[tuple[str, Head]]] = defaultdict(list)
        for label, head in heads:
            self.heads[head.size].append((label, head))
        self.nodes = _stored_nodes()
        self._compare_heads()

    def read(self, row: Row) -> None:
        """Check one entry: that it is the next, that it says what it said, that its hashes follow."""
        seq, source, _, prev, found, product, number, product_prev, link, body, text, *columns = row
        if seq != self.tree.size:
            raise NotAsWritten(f"entry {self.tree.size} is missing: the next one is entry {seq}")
        if bytes(prev) != self.last:
            raise _bad(row, f"does not follow entry {seq - 1}" if seq else "has something before it")
        data = bytes(body) if body is not None else text.encode() if text is not None else None
        if data is None:
            raise _bad(row, f"has lost its {source} row")
        link, found = bytes(link) if link is not None else chain.NONE, bytes(found)
        digest = chain.digest_of(data)
        if chain.entry_hash(self.log, seq, self.last, link, digest) != found:
            raise _bad(row, "does not say what it said: its hash is another")
        if body is not None and not repeats(data, tuple(columns[:5]), columns[5]):
            raise _bad(row, "has columns that contradict its body")
        if product is not None or columns[2] is not None or link != chain.NONE:
            self._follow_product(row, product, number, product_prev, link, digest)
        self.last = found
        self.by_source[source] += 1
        for node in self.tree.append(self.last):
            self._compare_node(*node)
        if self.tree.size in self.heads:
            self._compare_heads()

    def _follow_product(self, row: Row, product: int | None, number: int, prev: bytes | None, link: bytes, digest: bytes) -> None:
        kind, said = row[KIND], row[PRODUCT]
        if product is None or product != said:
            raise _bad(row, f"stands in the chain of product {product}, but is about product {said}")
        expected, before = self.chains.get(product, (0, chain.NONE))
        if number != expected or prev is None or bytes(prev) != before:
            raise _bad(row, f"does not follow number {expected - 1} in the chain of product {product}")
        if chain.link_hash(self.log, product, number, before, kind, digest) != link:
            raise _bad(row, f"has another hash in the chain of product {product}")
        self.chains[product] = expected + 1, link

    def _compare_heads(self) -> None:
        """At the size of a checkpoint the root must be the signed one."""
        for label, head in self.heads.pop(self.tree.size, ()):
            if head.root != self.tree.root():
                raise NotAsWritten(
                    f"{label}, signed at {head.at.isoformat()}, does not hold: "
                    f"the log was rewritten somewhere in the entries {self.proven} to {head.size - 1}"
                )
        self.proven = self.tree.size

    def _compare_node(self, level: int, index: int, found: bytes) -> None:
        """The stored subtrees prove nothing here, but proofs are made of them."""
        stored = next(self.nodes, None)
        if stored != (level, index, found):
            raise NotAsWritten(f"the stored subtree over the entries {index << level} to {((index + 1) << level) - 1} is not theirs")

    def end(self) -> None:
        """Everything that was signed or stored must have been met."""
        for size in sorted(self.heads):
            label, head = self.heads[size][0]
            raise NotAsWritten(
                f"{label}, signed at {head.at.isoformat()}, covers {size} entries, but the log ends after {self.tree.size}: "
                f"entry {self.tree.size} and what followed are gone"
            )
        if (node := next(self.nodes, None)) is not None:
            raise NotAsWritten(f"the subtree {node[0]}/{node[1]} is stored, but the log does not reach that far")


def _bad(row: Row, what: str) -> NotAsWritten:
    seq, source, source_id, kind = row[0], row[1], row[2], row[KIND]
    return NotAsWritten(f"entry {seq} ({source} {source_id}{f', {kind}' if kind else ''}) {what}")


@contextmanager
def _snapshot() -> Iterator[None]:
    """See one state of the database, however long it takes, while others go on writing."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def _pages() -> Generator[list[Row]]:
    """Read the log page by page; while one is being checked the database prepares the next."""
    with connection.cursor() as cursor, ThreadPoolExecutor(max_workers=1) as reader:
        page = _page(cursor.cursor, -1)
        while page:
            following = reader.submit(_page, cursor.cursor, page[-1][0])
            yield page
            page = following.result()


def _page(cursor: Any, last: int) -> list[Row]:
    """Read the entries after ``last``. It gets the driver's cursor: Django's refuses to be used by a second thread."""
    cursor.execute(ENTRIES, [last])
    rows: list[Row] = cursor.fetchall()
    return rows


def _stored_nodes() -> Iterator[tuple[int, int, bytes]]:
    """Return the stored subtrees in the order in which the log completes them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT level, index, hash FROM assurance_lognode ORDER BY (index + 1) << level, level")
        while rows := cursor.fetchmany(PAGE):
            for level, index, found in rows:
                yield level, index, bytes(found)


def _stored_heads(keys: Sequence[VerifierKey]) -> tuple[list[tuple[str, Head]], list[str]]:
    """Return the checkpoints that are signed and whole, and what is wrong with the others."""
    heads: list[tuple[str, Head]] = []
    flaws: list[str] = []
    for number, one in enumerate(Checkpoint.objects.order_by("number"), 1):
        label = f"checkpoint {one.number}"
        if one.number != number:
            return heads, [*flaws, f"checkpoint {number} is missing: the next one is {label}"]
        try:
            head = _open(one.note, keys, label)
        except NotAsWritten as flaw:
            flaws.append(str(flaw))
            continue
        if (head.size, head.root, head.at) != (one.size, bytes(one.root), one.at):
            flaws.append(f"{label} has columns that contradict its signed text")
        elif heads and head.size <= heads[-1][1].size:
            flaws.append(f"{label} covers no more than the one before it")
        else:
            heads.append((label, head))
    return heads, flaws


def _open(note: str, keys: Sequence[VerifierKey], label: str = "the saved checkpoint") -> Head:
    try:
        head = open_note(note, keys)
    except BadNote as problem:
        raise NotAsWritten(f"{label} is not ours: {problem}") from None
    if head.origin != settings.CHECKPOINT_ORIGIN:
        raise NotAsWritten(f"{label} is of another log: {head.origin}")
    return head


def _refuse_without_place() -> int:
    """Every entry and event has one place or is waiting for it; return how many wait."""
    waiting = 0
    with connection.cursor() as cursor:
        for source, table in TABLES.items():
            cursor.execute(WITHOUT_PLACE.format(table=table, source=source))
            if found := cursor.fetchone():
                raise NotAsWritten(f"{source} {found[0]} ({found[1]}) is not in the log: it was put in beside it")
            cursor.execute(COUNTS.format(table=table, source=source))
            rows, places, unplaced = cursor.fetchone() or (0, 0, 0)
            if rows != places + unplaced:
                raise NotAsWritten(f"{places} places in the log for {rows} rows of {table}: one row has two places")
            waiting += unplaced
    return waiting


def _refuse_without_checkpoint(reader: Reader, heads: list[tuple[str, Head]]) -> None:
    if reader.tree.size and not heads:
        raise NotAsWritten("the log has entries and no checkpoint: they were removed, or nothing could be signed")
