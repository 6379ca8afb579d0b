"""Read the log: a product's timeline and chain, proofs, the newest signed head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from assurance.events.models import Event
from assurance.evidence.bundles import NotSealedYet, bundle_for
from assurance.evidence.models import EvidenceEntry, Fact, LogPlace
from assurance.evidence.proofs import chain_of, consistency, newest_checkpoint, newest_checkpoint_and_size, proof, size_of_log

__all__ = (
    "NotSealedYet",
    "bundle_for",
    "chain_of",
    "consistency",
    "newest_checkpoint",
    "newest_checkpoint_and_size",
    "proof",
    "size_of_log",
)

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
class Check:
    """When the whole log was verified last, and the first thing that was not as it was written, if any."""

    at: datetime
    entries: int | None
    finding: str


def last_check() -> Check | None:
    """Return what the last verification found."""
    told = Event.objects.filter(kind="evidence.log.checked").order_by("-id").first()
    return Check(told.at, told.changes["entries"][1], told.changes["finding"][1]) if told else None


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


def latest_facts(subject_kind: str, subject_id: int) -> dict[str, Fact]:
    """Return the newest fact of each name about one subject."""
    return {fact.name: fact for fact in Fact.objects.of(subject_kind, subject_id).latest_of_each()}
