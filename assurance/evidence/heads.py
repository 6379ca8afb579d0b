"""The heads of all products' chains in one tree, so that the end of a chain cannot be left out either.

    leaf = SHA-256(0x00 ‖ product_id ‖ how many entries its chain has ‖ the hash of the last one)

Leaves stand in the order of the products' ids; numbers are 8 bytes, big-endian. The root stands in the log as an entry of kind
``chains_anchored``. Whoever shows a chain that ends earlier than the anchor says is found out; what came after the anchor
continues the chain without a gap.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assurance.evidence import tree

KIND: Final = "chains_anchored"


@dataclass(frozen=True)
class ChainHead:
    """How long the chain of a product is, and the hash of its last entry."""

    product_id: int
    count: int
    head: bytes


def leaf_hash(one: ChainHead) -> bytes:
    """Return the leaf of one chain."""
    return hashlib.sha256(b"\x00" + one.product_id.to_bytes(8, "big") + one.count.to_bytes(8, "big") + one.head).digest()


def root_of(heads: Sequence[ChainHead]) -> bytes:
    """Return the root over the heads, in the order of their products."""
    return tree.root_of([leaf_hash(one) for one in heads])


def path_of(index: int, heads: Sequence[ChainHead]) -> list[bytes]:
    """Return what proves that a head stands under the root."""
    return tree.path_of(index, [leaf_hash(one) for one in heads])
