"""Compare what pages show with what was recorded: the tables of the floors above, and the files on the disk.

A verdict stands twice: in the log, which proves it, and in a table, which is quick to read. Somebody who changes the table alone leaves
the log whole, so each package that repeats evidence in a table says here how the two must agree (``<package>/projections.py``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

from assurance.evidence import tree
from assurance.evidence.rereading import NotAsWritten
from assurance.files import vault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The row and its entry by their condition, either of them alone where the other is missing. ``says`` is what the entry says.
DIFFERENCE: Final = """
SELECT t.id, e.id, p.seq
  FROM (SELECT * FROM {table} t WHERE {which}) t
  FULL JOIN (SELECT e.*, convert_from(e.body, 'UTF8')::jsonb -> 'says' AS says
               FROM assurance_evidenceentry e WHERE e.kind = '{kind}') e ON {joined}
  LEFT JOIN assurance_logplace p ON p.source = 'evidence' AND p.source_id = e.id
 WHERE t.id IS NULL OR e.id IS NULL OR ({same}) IS NOT TRUE
 ORDER BY e.id, t.id LIMIT 1
"""
DAYS: Final = "SELECT t.id, t.root, t.evidence_entry_id FROM {table} t WHERE t.id > %s ORDER BY t.id LIMIT 200"
FILES: Final = """
SELECT f.id, f.sha256, f.served_sha256, v.id, v.changes -> 'sha256' ->> 1, v.changes -> 'served_sha256' ->> 1
  FROM assurance_storedfile f
  LEFT JOIN LATERAL (SELECT v.id, v.changes FROM assurance_event v
                      WHERE v.subject_kind = 'assurance.storedfile' AND v.subject_id = f.id AND v.kind = 'files.file.stored'
                      ORDER BY v.id LIMIT 1) v ON true
 WHERE f.id > %s ORDER BY f.id LIMIT 1000
"""
CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class Projection:
    """A table that repeats entries of one kind: the row ``t`` of the entry ``e``, and what of it must be the ``same``.

    The three conditions are SQL of ours; the comparison sees every row of ``which`` and every entry of the kind.
    """

    kind: str
    table: str
    same: str
    joined: str = "t.evidence_entry_id = e.id"
    which: str = "true"
    leaves: str = ""
    """Of a day's entry with a Merkle root: SQL for ``(row, leaf's text)`` of some rows, in the order of the tree."""


PROJECTIONS: Final[list[Projection]] = []


def repeats_evidence(*projections: Projection) -> None:
    """Register what a package repeats."""
    PROJECTIONS.extend(projections)


def compare_tables() -> int:
    """Compare every table with the entries it repeats; return how many tables.

    :raises NotAsWritten: with the first row or entry without its other half
    """
    with connection.cursor() as cursor:
        for one in PROJECTIONS:
            cursor.execute(DIFFERENCE.format(table=one.table, which=one.which, kind=one.kind, joined=one.joined, same=one.same))
            if found := cursor.fetchone():
                raise NotAsWritten(_told(one, *found))
            if one.leaves:
                _compare_leaves(one)
    return len(PROJECTIONS)


def _compare_leaves(one: Projection) -> None:
    """Build every day's tree again from the leaves that are kept."""
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(DAYS.format(table=one.table), [last])
            if not (days := {row: (root, entry) for row, root, entry in cursor.fetchall()}):
                return
            cursor.execute(one.leaves, [list(days)])
            grown = {row: tree.CompactRange() for row in days}
            for row, text in cursor.fetchall():
                grown[row].append(hashlib.sha256(b"\x00" + text.encode()).digest())
            for row, (root, entry) in days.items():
                if grown[row].root().hex() != root:
                    raise NotAsWritten(
                        f"the records under {one.table} {row} are not those of evidence {entry} ({one.kind}): their root is another"
                    )
            last = max(days)


def _told(one: Projection, row: int | None, entry: int | None, seq: int | None) -> str:
    if entry is None:
        return f"{one.table} {row} tells of a {one.kind} that was never recorded"
    said = f"entry {seq} (evidence {entry}, {one.kind})" if seq is not None else f"evidence {entry} ({one.kind})"
    return f"{one.table} {row} contradicts {said}" if row is not None else f"{said} is missing in {one.table}"


def compare_files() -> int:
    """Compare every stored file with its row and the row with the event that told of it; return how many files.

    Reads every byte once.

    :raises NotAsWritten: with the first file that is another one or gone
    """
    checked: dict[str, str] = {}
    files = 0
    for files, (number, digest, served, event, logged, logged_served) in enumerate(_files(), 1):  # noqa: B007  counted
        if event is None:
            raise NotAsWritten(f"file {number} is not in the log: it was put in beside it")
        if digest != logged or (logged_served is not None and served != logged_served):
            raise NotAsWritten(f"file {number} is another one than event {event} tells of")
        for content in (digest, served):
            flaw = checked.get(content) if content in checked else checked.setdefault(content, _flaw(vault.place(content), content))
            if flaw:
                raise NotAsWritten(f"file {number} ({content[:12]}…) {flaw}")
    return files


def _files() -> Iterator[tuple[int, str, str, int | None, str | None, str | None]]:
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(FILES, [last])
            if not (rows := cursor.fetchall()):
                return
            yield from rows
            last = rows[-1][0]


def _flaw(path: Path, digest: str) -> str:
    """Return what is wrong with the bytes, or nothing."""
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                found.update(chunk)
    except OSError:
        return "is gone from the disk"
    return "" if found.hexdigest() == digest else "has other bytes on the disk"
