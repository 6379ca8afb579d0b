"""Recompute the whole log from the rows and name the first thing in it that is not as it was written.

Nothing that is stored is believed: every hash, every subtree, every root is computed again from what the entries and events say now.
What the database alone cannot show – a log rewritten or cut with all its hashes and checkpoints – shows against a checkpoint that was
kept elsewhere, because only the holder of the key can sign another one.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from assurance.evidence import tree, witness
from assurance.evidence.checkpoint import BadNote, Head, parse_head, parse_note
from assurance.evidence.comparing import compare_files, compare_tables
from assurance.evidence.models import Checkpoint
from assurance.evidence.rereading import TABLES, NotAsWritten, Reader, pages
from assurance.evidence.signing import open_note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from assurance.evidence.checkpoint import VerifierKey

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
    witnessed: int = 0
    """How many entries the newest checkpoint of the witness covers."""
    tables: int = 0
    files: int = 0


def verify(
    *,
    keys: Sequence[VerifierKey],
    saved: Sequence[str] = (),
    folder: Path | None = None,
    files: bool = True,
    told: Callable[[int], None] = lambda _: None,
) -> Verified:
    """Check everything, in one snapshot of the database. ``told`` hears the progress.

    ``saved`` are notes that were kept elsewhere, ``folder`` is the witness's; ``files`` says whether every stored byte is read too.

    :raises NotAsWritten: at the first thing that does not hold
    """
    notes = witness.history(folder) if folder else []  # before the snapshot: what it took was committed then
    with _snapshot():
        heads, flaws = _stored_heads(keys)
        heads += [(f"the saved checkpoint {number}", _open(note, keys)) for number, note in enumerate(saved, 1)]
        seen = _witnessed(notes, keys, heads)
        heads += seen
        reader = Reader(heads)
        with closing(pages()) as read:
            for page in read:
                for row in page:
                    reader.read(row)
                told(reader.tree.size)
        reader.end()
        if flaws:
            raise NotAsWritten(flaws[0])
        waiting = _refuse_without_place()
        _refuse_without_checkpoint(reader, heads)
        if folder and (kept := witness.contradictions(folder)):
            raise NotAsWritten(f"the witness was told two stories: {kept[0]}")
        tables = compare_tables()
        stored = compare_files() if files else 0
    return Verified(
        entries=reader.tree.size,
        by_source=reader.by_source,
        products=len(reader.chains),
        checkpoints=len(heads),
        waiting=waiting,
        root=reader.tree.root(),
        checkpointed=max((head.size for _, head in heads), default=0),
        witnessed=max((head.size for _, head in seen), default=0),
        tables=tables,
        files=stored,
    )


@contextmanager
def _snapshot() -> Iterator[None]:
    """See one state of the database, however long it takes, while others go on writing."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield


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


def _witnessed(notes: Sequence[str], keys: Sequence[VerifierKey], heads: Sequence[tuple[str, Head]]) -> list[tuple[str, Head]]:
    """Return what the witness took; a note that says what a stored one says is not verified twice."""
    known = {(head.size, head.root): head for _, head in heads}
    found = []
    for note in notes:
        label = "the witness's checkpoint"
        try:
            said = parse_head(parse_note(note)[0])
        except BadNote as problem:
            raise NotAsWritten(f"{label} is not ours: {problem}") from None
        head = known.get((said.size, said.root)) or _open(note, keys, label)
        found.append((f"{label} over {head.size} entries", head))
    return found


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
