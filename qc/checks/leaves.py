"""What one check says of one product, written in its one form: a leaf of the day's tree."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from assurance.evidence.canonical import encode
from assurance.evidence.tree import inclusion_ranges, node_hash, split


def leaf_text(
    *,
    parcel_id: int,
    attempt: int,
    product_id: int,
    merchant_id: int,
    warehouse_id: int,
    goods: Sequence[tuple[int, str, int]],
    checklists: Sequence[int],
    answers: Mapping[str, Any],
    photos: Mapping[str, Sequence[str]],
    verdict: str,
    checked_at: datetime,
    source: str,
) -> str:
    """Return the leaf as text: canonical JSON without persons. ``goods`` are lot id, lot number and units; photographs their SHA-256."""
    told = {
        "parcel_id": parcel_id,
        "attempt": attempt,
        "product_id": product_id,
        "merchant_id": merchant_id,
        "warehouse_id": warehouse_id,
        "lots": [{"lot_id": lot_id, "lot_number": number, "units": units} for lot_id, number, units in goods],
        "checklists": list(checklists),
        "answers": dict(answers),
        "photos": {point: list(digests) for point, digests in photos.items()},
        "verdict": verdict,
        "checked_at": checked_at.astimezone(UTC).isoformat(),
        "source": source,
    }
    return encode(told).decode()


def leaf_hash(text: str) -> bytes:
    """Return the leaf's hash (RFC 6962: prefix 0x00)."""
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the leaves in their order."""
    if len(hashes) == 1:
        return hashes[0]
    middle = split(len(hashes))
    return node_hash(root_of(hashes[:middle]), root_of(hashes[middle:]))


def path_of(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """Return what proves that leaf ``index`` stands under the root; ``assurance.evidence.tree.includes`` checks it."""
    return [root_of(hashes[start:end]) for start, end in inclusion_ranges(index, len(hashes))]
