"""The Merkle tree over the log's entries, as RFC 6962 defines it: roots, proofs and how to check them.

A leaf's hash carries the prefix 0x00 (see ``chain``), an inner node's 0x01. A tree of n leaves splits at the largest power of two
below n, so every complete subtree keeps its hash for ever as the log grows.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
STORED_LEVELS: Final = 8
"""Complete subtrees are kept at every eighth level: 256 leaves, 65,536 leaves, …"""

Range = tuple[int, int]
"""Leaves from the first number up to, not including, the second."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """Return the largest power of two below ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def complete_subtrees(start: int, end: int) -> list[Range]:
    """Cut a range that begins at a subtree's edge into complete subtrees, largest first."""
    parts = []
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        parts.append((start, start + width))
        start += width
    return parts


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees, largest first; the root of nothing is SHA-256 of nothing."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def fold_complete(hashes: Sequence[bytes]) -> bytes:
    """Return the root over 2^k hashes of one level."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]


class CompactRange:
    """What must be remembered of a tree so that it can grow: the hashes of its complete subtrees, largest first."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(hashes):
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} complete subtrees, not {len(hashes)}")
        self.size = size
        self.hashes = list(hashes)

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf's hash; return the subtrees of stored levels that it completed as ``(level, index, hash)``."""
        hashes, node, rest = self.hashes, leaf, self.size
        self.size += 1
        if self.size & 0xFF:  # the common case: no stored level is reached
            while rest & 1:
                node = node_hash(hashes.pop(), node)
                rest >>= 1
            hashes.append(node)
            return []
        return self._append_completing(node, rest)

    def _append_completing(self, node: bytes, rest: int) -> list[tuple[int, int, bytes]]:
        completed, level = [], 0
        while rest & 1:
            node = node_hash(self.hashes.pop(), node)
            rest >>= 1
            level += 1
            if level % STORED_LEVELS == 0:
                completed.append((level, rest, node))
        self.hashes.append(node)
        return completed

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        return fold(self.hashes)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the ranges whose roots prove that leaf ``index`` stands in the tree of ``size`` leaves, lowest first."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the ranges whose roots prove that the tree of ``old`` leaves is the beginning of the tree of ``new`` leaves."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} leaves cannot be the beginning of one of {new}")
    start, end, path = 0, new, []
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return [*([(start, end)] if start else []), *path[::-1]]


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes that are all in hand."""
    grown = CompactRange()
    for leaf in hashes:
        grown.append(leaf)
    return grown.root()


def path_of(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Return what proves leaf ``index`` among leaf hashes that are all in hand; ``includes`` checks it."""
    return [root_of(hashes[start:end]) for start, end in inclusion_ranges(index, len(hashes))]


def resolve(ranges: Sequence[Range], subtree: Callable[[Range], bytes]) -> list[bytes]:
    """Return the root of every range, given the hashes of complete subtrees."""
    return [fold([subtree(part) for part in complete_subtrees(start, end)]) for start, end in ranges]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether the path proves the leaf at this place of the tree with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    first, last, node = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            node = node_hash(sibling, node)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Say whether the path proves that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = [old_root, *path] if old.bit_count() == 1 else list(path)
    if not steps:
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_node = new_node = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            new_node = node_hash(new_node, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and old_node == old_root and new_node == new_root
