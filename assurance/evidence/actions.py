"""Append what was decided and what was measured. Nothing here waits for the log: places are given within a second (``sequencer``)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import connection, transaction

from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import first, plain
from assurance.evidence import heads, signing
from assurance.evidence.models import EvidenceEntry, Fact
from assurance.evidence.proofs import heads_at, newest_checkpoint, size_of_log
from assurance.evidence.rereading import NotAsWritten
from assurance.evidence.sources import write_body
from assurance.evidence.verification import Verified, verify

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User

log = logging.getLogger(__name__)
PLACES: Final = Decimal("0.000001")
NOBODY: Final = 0
"""Whose an entry is that concerns no merchant."""
MOST_FACTS: Final = 1_000
"""Each subject of a set is locked until its transaction ends; more of them would fill the lock table."""


@dataclass(frozen=True)
class Said:
    """One entry to record: ``body`` holds numbers, texts, file hashes and commitments, never persons' data and no float.

    ``at`` and ``actor``, where given, stand instead of those of the call.
    """

    kind: str
    product_id: int | None
    organisation_id: int
    body: Mapping[str, Any]
    lot_id: int | None = None
    at: datetime | None = None
    actor: User | None = None


@dataclass(frozen=True)
class Measured:
    """One number measured of one subject; ``at``, where given, stands instead of the moments of the call."""

    subject_id: int
    value: Decimal | int
    sample_size: int
    at: datetime | None = None


def record(
    kind: str,
    *,
    product_id: int | None,
    organisation_id: int,
    at: datetime,
    actor: User | None,
    body: Mapping[str, Any],
    lot_id: int | None = None,
) -> EvidenceEntry:
    """Append what was decided about a product, in the transaction that decided it. ``organisation_id`` is the merchant's.

    :raises NotCanonical: if the body holds a float or something else that cannot be written in one way only
    """
    return record_all([Said(kind, product_id, organisation_id, body, lot_id)], actor=actor, at=at)[0]


def record_all(entries: Sequence[Said], *, actor: User | None, at: datetime) -> list[EvidenceEntry]:
    """Append many entries in two statements. Announces ``evidence.entry.recorded`` of each."""
    if not connection.in_atomic_block:
        raise RuntimeError("record() must share the transaction of what it proves")
    written = EvidenceEntry.objects.bulk_create(_entry(one, one.actor or actor, one.at or at) for one in entries)
    announce_each(
        [
            News(
                "evidence.entry.recorded",
                entry,
                first(entry, "kind", "product_id", "lot_id"),
                entry.recorded_at,
                one.actor or actor,
                _ids(entry),
            )
            for one, entry in zip(entries, written, strict=True)
        ]
    )
    return written


def _entry(one: Said, actor: User | None, at: datetime) -> EvidenceEntry:
    actor_id = actor.pk if actor else None
    return EvidenceEntry(
        kind=one.kind,
        organisation_id=one.organisation_id,
        product_id=one.product_id,
        lot_id=one.lot_id,
        recorded_at=at,
        actor_id=actor_id,
        body=write_body(
            one.kind,
            organisation_id=one.organisation_id,
            product_id=one.product_id,
            lot_id=one.lot_id,
            actor_id=actor_id,
            recorded_at=at,
            says=plain(dict(one.body)),
        ),
    )


def _ids(entry: EvidenceEntry) -> dict[str, int]:
    ids = {"evidence_entry_id": entry.pk, "product_id": entry.product_id, "lot_id": entry.lot_id}
    return {name: number for name, number in ids.items() if number is not None}


@transaction.atomic
def anchor_chains(*, at: datetime) -> EvidenceEntry | None:
    """Write the root over the heads of all products' chains into the log; nothing if none has grown since the last time."""
    size = size_of_log()
    found = heads_at(size)
    root = heads.root_of(found).hex()
    last = EvidenceEntry.objects.filter(kind=heads.KIND).order_by("-id").first()
    if not found or (last and last.says["root"] == root):
        return None
    body = {"size": size, "products": len(found), "root": root}
    return record(heads.KIND, product_id=None, organisation_id=NOBODY, at=at, actor=None, body=body)


def check_log(*, at: datetime) -> str:
    """Verify the whole log and everything that repeats it; write down what was found, and return the finding or nothing.

    Runs on a connection of its own: it must see one state of the database, whatever transaction the caller is in.
    """
    with ThreadPoolExecutor(max_workers=1) as aside:
        verified, finding = aside.submit(_verified).result()
    newest = newest_checkpoint()
    if newest is None:
        return finding
    if finding:
        log.critical("the log is not as it was written: %s", finding)
    changes: dict[str, list[Any]] = {"entries": [None, verified.entries if verified else None], "finding": [None, finding]}
    with transaction.atomic():
        announce("evidence.log.checked", actor=None, at=at, subject=newest, changes=changes)
    return finding


def _verified() -> tuple[Verified | None, str]:
    try:
        key = signing.verifier_key(signing.signing_key(), settings.CHECKPOINT_ORIGIN)
        return verify(keys=[key], folder=Path(settings.WITNESS_DIR)), ""
    except (NotAsWritten, signing.NoSigningKey) as flaw:
        return None, str(flaw)
    finally:
        connection.close()


def report_fact(
    name: str,
    *,
    subject_kind: str,
    subject_id: int,
    value: Decimal | int,
    sample_size: int,
    as_of: datetime,
    at: datetime,
    unit: str = "",
) -> Fact | None:
    """Append a measured number if it differs from the newest one; see ``report_facts``."""
    measured = Measured(subject_id, value, sample_size)
    written = report_facts(name, [measured], subject_kind=subject_kind, as_of=as_of, at=at, unit=unit)
    return written[0] if written else None


@transaction.atomic
def report_facts(
    name: str, measured: Sequence[Measured], *, subject_kind: str, as_of: datetime, at: datetime, unit: str = ""
) -> list[Fact]:
    """Append the numbers that differ from the newest ones of their subjects, and return only these.

    Value, sample size and unit are compared. A number as of an earlier moment than the newest one comes too late and is dropped.
    Announces ``evidence.fact.changed`` of each. At most 1,000 subjects a call.
    """
    if len(measured) > MOST_FACTS:
        raise ValueError(f"{len(measured)} facts in one call; at most {MOST_FACTS}")
    wanted = {one.subject_id: one for one in measured}
    newest = _newest(name, subject_kind, sorted(wanted))
    facts = [
        Fact(
            name=name,
            subject_kind=subject_kind,
            subject_id=one.subject_id,
            value=rounded(one.value),
            unit=unit,
            sample_size=one.sample_size,
            as_of=one.at or as_of,
            recorded_at=one.at or at,
        )
        for one in wanted.values()
    ]
    written = Fact.objects.bulk_create(fact for fact in facts if _is_news(newest.get(fact.subject_id), fact))
    announce_each(
        [
            News("evidence.fact.changed", fact, _difference(newest.get(fact.subject_id), fact), fact.recorded_at, ids={"fact_id": fact.pk})
            for fact in written
        ]
    )
    return written


def rounded(value: Decimal | int) -> Decimal:
    """Return the value as it is kept, with six places. A float is refused: it is not what was measured."""
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        raise TypeError(f"a fact is a Decimal or an int, not a {type(value).__name__}")
    return Decimal(value).quantize(PLACES, ROUND_HALF_UP)


def _newest(name: str, subject_kind: str, subject_ids: list[int]) -> dict[int, Fact]:
    """Return the newest fact of each subject; nobody else reports on them until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(format('fact:%%s:%%s:%%s', %s::text, %s::text, id), 0))"
            " FROM unnest(%s::bigint[]) AS id",
            [name, subject_kind, subject_ids],
        )
    newest = Fact.objects.filter(name=name, subject_kind=subject_kind, subject_id__in=subject_ids).latest_of_each()
    return {fact.subject_id: fact for fact in newest}


def _is_news(newest: Fact | None, fact: Fact) -> bool:
    if newest is None:
        return True
    said = (fact.value, fact.sample_size, fact.unit)
    return fact.as_of >= newest.as_of and (newest.value, newest.sample_size, newest.unit) != said


def _difference(before: Fact | None, fact: Fact) -> dict[str, list[Any]]:
    old = [str(before.value), before.sample_size] if before else [None, None]
    return {
        "name": [fact.name, fact.name],
        "subject_id": [fact.subject_id, fact.subject_id],
        "value": [old[0], str(fact.value)],
        "sample_size": [old[1], fact.sample_size],
    }
