"""How an entry is bound to its place: the bytes that are hashed, for the log and for a product's chain.

    digest       = SHA-256(body)
    product_hash = SHA-256(0x02 ‖ log_id ‖ product_id ‖ product_seq ‖ product_prev_hash ‖ digest ‖ kind)
    hash         = SHA-256(0x00 ‖ log_id ‖ seq ‖ prev_hash ‖ product_hash ‖ digest)

``log_id`` is SHA-256 of the log's origin; numbers are 8 bytes, big-endian; hashes 32 bytes; ``kind`` the rest, in UTF-8. Where there is
no predecessor or no product, 32 zero bytes stand. ``hash`` is a leaf hash of RFC 6962 (prefix 0x00) over everything behind the prefix.
Because the product's hash is part of it, whoever holds an entry that is proven to be in the log also holds the proof of every
earlier entry of that product. The kind stands beside the digest, so that a chain can be shown whole – what happened, and that nothing
was left out – without every body in it: how much a merchant sells in a day is nobody else's business.
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


def digest_of(body: bytes) -> bytes:
    """Return what stands for a body in both hashes."""
    return hashlib.sha256(body).digest()


def link_hash(log: bytes, product_id: int, product_seq: int, prev: bytes, kind: str, digest: bytes) -> bytes:
    """Return the hash of an entry in its product's chain."""
    parts = (LINK, log, product_id.to_bytes(8, "big"), product_seq.to_bytes(8, "big"), prev, digest, kind.encode())
    return hashlib.sha256(b"".join(parts)).digest()


def entry_hash(log: bytes, seq: int, prev: bytes, link: bytes, digest: bytes) -> bytes:
    """Return the hash of an entry in the log; ``link`` is its hash in the product's chain or ``NONE``."""
    return hashlib.sha256(b"".join((LEAF, log, seq.to_bytes(8, "big"), prev, link, digest))).digest()
