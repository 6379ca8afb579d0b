"""How an entry is bound to its place: the bytes that are hashed, for the log and for a product's chain.

    product_hash = SHA-256(0x02 ‖ log_id ‖ product_id ‖ product_seq ‖ product_prev_hash ‖ body)
    hash         = SHA-256(0x00 ‖ log_id ‖ seq ‖ prev_hash ‖ product_hash ‖ body)

``log_id`` is SHA-256 of the log's origin; numbers are 8 bytes, big-endian; hashes 32 bytes; ``body`` the rest. Where there is no
predecessor or no product, 32 zero bytes stand. ``hash`` is a leaf hash of RFC 6962 (prefix 0x00) over everything behind the prefix.
Because the product's hash is part of it, whoever holds an entry that is proven to be in the log also holds the proof of every
earlier entry of that product.
"""

import hashlib
from typing import Final

NONE: Final = bytes(32)
"""Stands for "nothing before this" and "no product"."""
LEAF: Final = b"\x00"
LINK: Final = b"\x02"


def log_id(origin: str) -> bytes:
    """Return the 32 bytes that bind every hash to this one log."""
    return hashlib.sha256(origin.encode()).digest()


def link_hash(log: bytes, product_id: int, product_seq: int, prev: bytes, body: bytes) -> bytes:
    """Return the hash of an entry in its product's chain."""
    return hashlib.sha256(b"".join((LINK, log, product_id.to_bytes(8, "big"), product_seq.to_bytes(8, "big"), prev, body))).digest()


def entry_hash(log: bytes, seq: int, prev: bytes, link: bytes, body: bytes) -> bytes:
    """Return the hash of an entry in the log; ``link`` is its hash in the product's chain or ``NONE``."""
    return hashlib.sha256(b"".join((LEAF, log, seq.to_bytes(8, "big"), prev, link, body))).digest()
