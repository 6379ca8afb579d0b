"""Hashes of parts of the log's tree, read from its stored nodes: a few hundred rows for any proof, however long the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from assurance.evidence import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEAVES = """
SELECT p.seq, p.hash FROM assurance_logplace p
  JOIN unnest(%s::bigint[], %s::bigint[]) AS part(first, last) ON p.seq BETWEEN part.first AND part.last
"""
NODES = """
SELECT n.level, n.index, n.hash FROM assurance_lognode n
  JOIN unnest(%s::int[], %s::bigint[], %s::bigint[]) AS part(level, first, last)
    ON n.level = part.level AND n.index BETWEEN part.first AND part.last
"""
Needed = tuple[int, int, int]
"""A stored level and the first and last index needed there."""


class Incomplete(Exception):
    """A leaf or a stored node of the range is missing."""


def roots(ranges: Sequence[tree.Range]) -> list[bytes]:
    """Return the root of every range; two queries.

    :raises Incomplete: if the log does not reach that far
    """
    parts = {part for start, end in ranges for part in tree.complete_subtrees(start, end)}
    stored = _read({part: _needed(part) for part in parts})
    return tree.resolve(ranges, stored.__getitem__)


def compact_range(size: int) -> tree.CompactRange:
    """Return the tree of the first ``size`` entries, ready to grow.

    :raises Incomplete: if the log does not reach that far
    """
    parts = tree.complete_subtrees(0, size)
    return tree.CompactRange(size, roots(parts))


def _needed(part: tree.Range) -> Needed:
    """Return the stored nodes that a complete subtree is folded from: at most 128."""
    start, end = part
    level = ((end - start).bit_length() - 1) // tree.STORED_LEVELS * tree.STORED_LEVELS
    return level, start >> level, (end >> level) - 1


def _read(needed: dict[tree.Range, Needed]) -> dict[tree.Range, bytes]:
    found = _leaves(first_last for level, *first_last in needed.values() if level == 0)
    found |= _nodes([one for one in needed.values() if one[0]])
    try:
        return {
            part: tree.fold_complete([found[level, index] for index in range(first, last + 1)])
            for part, (level, first, last) in needed.items()
        }
    except KeyError as missing:
        raise Incomplete(f"level and index {missing}") from None


def _leaves(parts: Iterable[list[int]]) -> dict[tuple[int, int], bytes]:
    firsts_lasts = list(zip(*parts, strict=True))
    if not firsts_lasts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, [list(column) for column in firsts_lasts])
        return {(0, seq): bytes(found) for seq, found in cursor.fetchall()}


def _nodes(parts: list[Needed]) -> dict[tuple[int, int], bytes]:
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(NODES, [list(column) for column in zip(*parts, strict=True)])
        return {(level, index): bytes(found) for level, index, found in cursor.fetchall()}
