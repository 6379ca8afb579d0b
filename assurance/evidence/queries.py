"""Read the log: a product's timeline and chain, proofs, the newest signed head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from assurance.evidence import subtrees, tree
from assurance.evidence.models import Checkpoint, EvidenceEntry, Fact, LogPlace

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from assurance.accounts.models import User


@dataclass(frozen=True)
class Step:
    """One thing that was decided about a product. ``seq`` is its place in the log, nothing while it waits for one (a second)."""

    entry_id: int
    kind: str
    at: datetime
    actor_id: int | None
    lot_id: int | None
    says: dict[str, Any]
    seq: int | None
    product_seq: int | None
    hash: bytes | None

    @property
    def is_numbered(self) -> bool:
        return self.seq is not None


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
    body: bytes


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


def timeline_of(product_id: int, user: User) -> list[Step]:
    """Return what the user may see of a product's evidence, oldest first. Two queries."""
    return _placed(EvidenceEntry.objects.visible_to(user).about(product_id).order_by("recorded_at", "id"))


def timeline_of_lot(lot_id: int, user: User) -> list[Step]:
    """Return what the user may see of a lot's evidence, oldest first. Two queries."""
    return _placed(EvidenceEntry.objects.visible_to(user).filter(lot_id=lot_id).order_by("recorded_at", "id"))


def story_of(*, lot_id: int, product_id: int, also: Collection[str] = ()) -> list[Step]:
    """Return what was decided about one lot, and of these kinds about its product, oldest first. Two queries.

    Not scoped: it stands on the public page of the lot's badge.
    """
    about_all = Q(product_id=product_id, lot_id=None, kind__in=also)
    return _placed(EvidenceEntry.objects.filter(Q(lot_id=lot_id) | about_all).order_by("recorded_at", "id"))


def _placed(found: QuerySet[EvidenceEntry]) -> list[Step]:
    entries = list(found)
    places = {place.source_id: place for place in LogPlace.objects.filter(source="evidence", source_id__in=[entry.pk for entry in entries])}
    return [_step(entry, places.get(entry.pk)) for entry in entries]


def _step(entry: EvidenceEntry, place: LogPlace | None) -> Step:
    return Step(
        entry_id=entry.pk,
        kind=entry.kind,
        at=entry.recorded_at,
        actor_id=entry.actor_id,
        lot_id=entry.lot_id,
        says=entry.says,
        seq=place.seq if place else None,
        product_seq=place.product_seq if place else None,
        hash=bytes(place.hash) if place else None,
    )


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
            body=bytes(entries[place.source_id].body),
        )
        for place in places
    ]


def size_of_log() -> int:
    """Return how many entries have a place."""
    newest = LogPlace.objects.order_by("-seq").values_list("seq", flat=True).first()
    return 0 if newest is None else newest + 1


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


def latest_facts(subject_kind: str, subject_id: int) -> dict[str, Fact]:
    """Return the newest fact of each name about one subject."""
    return {fact.name: fact for fact in Fact.objects.of(subject_kind, subject_id).latest_of_each()}
