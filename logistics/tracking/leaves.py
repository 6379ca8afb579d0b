"""What a delivery says of one product, written in its one form: a leaf of the day's tree, without persons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from assurance.evidence.canonical import encode
from assurance.evidence.tree import CompactRange


def leaf_text(
    *,
    waybill_id: int,
    parcel_id: int,
    clearance_id: int,
    product_id: int,
    lots: Mapping[int, int],
    handed_over_at: datetime,
    picked_up_at: datetime | None,
    delivered_at: datetime,
    promised: date,
) -> str:
    """Return the leaf as canonical JSON; ``lots`` are units by lot."""
    told = {
        "waybill_id": waybill_id,
        "parcel_id": parcel_id,
        "clearance_id": clearance_id,
        "product_id": product_id,
        "lots": [{"lot_id": lot_id, "units": units} for lot_id, units in sorted(lots.items())],
        "handed_over_at": handed_over_at.astimezone(UTC).isoformat(),
        "picked_up_at": picked_up_at.astimezone(UTC).isoformat() if picked_up_at else None,
        "delivered_at": delivered_at.astimezone(UTC).isoformat(),
        "promised": promised.isoformat(),
    }
    return encode(told).decode()


def leaf_hash(text: str) -> bytes:
    """Return the leaf's hash (RFC 6962: prefix 0x00)."""
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def root_of(texts: Sequence[str]) -> bytes:
    """Return the root over the leaves in their order."""
    tree = CompactRange()
    for text in texts:
        tree.append(leaf_hash(text))
    return tree.root()
