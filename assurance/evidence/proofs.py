"""What the log can prove: a product's chain, an entry's place, that a longer log continues a shorter one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Subquery

from assurance.evidence import heads, subtrees, tree
from assurance.evidence.heads import ChainHead
from assurance.evidence.models import Checkpoint, EvidenceEntry, LogPlace
from assurance.evidence.sources import read_body

LATEST: Final = 20
"""So many anchors are tried: the newest ones may not be signed yet."""
# Every product once, each by two steps down the index: the planner would otherwise read the whole log.
HEADS: Final = """
WITH RECURSIVE product(id) AS (
    (SELECT product_id FROM assurance_logplace WHERE product_id IS NOT NULL ORDER BY product_id LIMIT 1)
    UNION ALL
    SELECT (SELECT p.product_id FROM assurance_logplace p WHERE p.product_id > product.id ORDER BY p.product_id LIMIT 1)
      FROM product WHERE product.id IS NOT NULL)
SELECT product.id, newest.product_seq, newest.product_hash
  FROM product,
       LATERAL (SELECT p.product_seq, p.product_hash FROM assurance_logplace p
                 WHERE p.product_id = product.id AND p.seq < %s ORDER BY p.product_seq DESC LIMIT 1) AS newest
 ORDER BY product.id
"""


@dataclass(frozen=True)
class Link:
    """One entry of a product's chain, with everything that is needed to compute its hashes again (``chain``)."""

    seq: int
    product_seq: int
    prev_hash: bytes
    product_prev_hash: bytes
    product_hash: bytes
    hash: bytes
    kind: str
    lot_id: int | None
    body: bytes

    @property
    def says(self) -> dict[str, Any]:
        """What was recorded."""
        return dict(read_body(self.body)["says"])


@dataclass(frozen=True)
class Inclusion:
    """That the entry with this hash stands at ``seq`` in the log of ``size`` entries: check with ``tree.includes``."""

    seq: int
    size: int
    hash: bytes
    path: tuple[bytes, ...]
    root: bytes


@dataclass(frozen=True)
class Consistency:
    """That the log of ``old_size`` entries is the beginning of the log of ``size``: check with ``tree.is_consistent``."""

    old_size: int
    size: int
    path: tuple[bytes, ...]


def chain_of(product_id: int) -> list[Link]:
    """Return the whole chain of a product, from its first entry on. Two queries. Not scoped: for the proofs the platform gives out."""
    places = list(LogPlace.objects.filter(product_id=product_id).order_by("product_seq"))
    entries = EvidenceEntry.objects.in_bulk([place.source_id for place in places])
    return [
        Link(
            seq=place.seq,
            product_seq=place.product_seq or 0,
            prev_hash=bytes(place.prev_hash),
            product_prev_hash=bytes(place.product_prev_hash or b""),
            product_hash=bytes(place.product_hash or b""),
            hash=bytes(place.hash),
            kind=entries[place.source_id].kind,
            lot_id=entries[place.source_id].lot_id,
            body=bytes(entries[place.source_id].body),
        )
        for place in places
    ]


def heads_at(size: int) -> list[ChainHead]:
    """Return the heads of all chains in the log of ``size`` entries, in the order of the products. One query, a few rows a product."""
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [size])
        return [ChainHead(product, number + 1, bytes(found)) for product, number, found in cursor.fetchall()]


def newest_anchor(below: int) -> tuple[LogPlace, EvidenceEntry] | None:
    """Return the newest anchor of all chains that the log of this size holds, with its place."""
    for entry in EvidenceEntry.objects.filter(kind=heads.KIND).order_by("-id")[:LATEST]:
        place = LogPlace.objects.filter(source="evidence", source_id=entry.pk, seq__lt=below).first()
        if place:
            return place, entry
    return None


def size_of_log() -> int:
    """Return how many entries have a place."""
    newest = LogPlace.objects.order_by("-seq").values_list("seq", flat=True).first()
    return 0 if newest is None else newest + 1


def newest_checkpoint_and_size() -> tuple[Checkpoint | None, int]:
    """Return the newest signed head and how many entries the log has now, in one query; 0 while nothing is signed."""
    last = Subquery(LogPlace.objects.order_by("-seq").values("seq")[:1])
    newest = Checkpoint.objects.annotate(last=last).order_by("-number").first()
    return newest, (newest.last or 0) + 1 if newest else 0


def newest_checkpoint() -> Checkpoint | None:
    """Return the newest signed head of the log."""
    return Checkpoint.objects.order_by("-number").first()


def proof(seq: int, size: int) -> Inclusion:
    """Prove that entry ``seq`` stands in the log of ``size`` entries (usually a checkpoint's). Two or three queries at any size.

    :raises ValueError: if the log of that size has no such entry
    :raises assurance.evidence.subtrees.Incomplete: if the log is not that long
    """
    own, root, *path = subtrees.roots([(seq, seq + 1), (0, size), *tree.inclusion_ranges(seq, size)])
    return Inclusion(seq=seq, size=size, hash=own, path=tuple(path), root=root)


def consistency(old_size: int, size: int) -> Consistency:
    """Prove that nothing of the log of ``old_size`` entries was changed in the log of ``size``.

    :raises ValueError: if the old log is empty or longer
    :raises assurance.evidence.subtrees.Incomplete: if the log is not that long
    """
    return Consistency(old_size, size, tuple(subtrees.roots(tree.consistency_ranges(old_size, size))))
