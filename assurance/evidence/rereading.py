"""Follow the log entry by entry: each is the next, says what it said, and its hashes follow from the one before."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import connection

from assurance.evidence import chain, tree
from assurance.evidence.sources import EVENT_TEXT, repeats

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from assurance.evidence.checkpoint import Head

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
TABLES: Final = {"evidence": "assurance_evidenceentry", "event": "assurance_event"}
Row = tuple[Any, ...]
KIND, PRODUCT = 11, 13
"""Where a row of ``ENTRIES`` holds the kind and the product of the evidence entry itself."""


class NotAsWritten(Exception):
    """The first thing that is not as it was written; the message names it."""


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


def pages() -> Generator[list[Row]]:
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
